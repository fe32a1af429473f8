package raftkv.bench.failover;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code bench/failover.sh} passes on. */
@Command(name = "failover", sortOptions = false)
final class FailoverOptions {
  @Option(names = "--home", required = true)
  Path home = Path.of("");

  @Option(names = "--data", required = true)
  Path data = Path.of("");

  @Option(names = "--results", required = true)
  Path results = Path.of("");

  @Option(names = "--version", defaultValue = "unknown")
  String version = "unknown";

  @Option(names = "--trials", defaultValue = "100")
  int trials;

  @Option(names = "--etcd-trials", defaultValue = "30")
  int etcdTrials;

  @Option(names = "--rounds", defaultValue = "10")
  int rounds;

  @Option(names = "--faults", split = ",", defaultValue = "KILL,TERM,STOP,CUT")
  List<Fault> faults = List.of();

  @Option(names = "--contenders", split = ",", defaultValue = "raftkv,etcd,etcd-50-300")
  List<String> contenders = List.of();

  @Option(names = "--etcd", defaultValue = "")
  String etcd = "";

  @Option(names = "--nodes", defaultValue = "3")
  int nodes;

  @Option(names = "--pace-micros", defaultValue = "1000")
  long paceMicros;

  @Option(names = "--story-above-ms", defaultValue = "300")
  double storyAboveMs;

  /** Where a picture of the times until another led goes, or null. */
  @Option(names = "--plot")
  @Nullable Path plot;

  @Option(names = "--report-only")
  boolean reportOnly;
}
