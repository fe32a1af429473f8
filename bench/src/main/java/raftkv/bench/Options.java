package raftkv.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options as they are written. */
@Command(
    name = "bench/run.sh",
    sortOptions = false,
    header = "Puts in a closed or open loop: how many a second, and how long each takes.%n",
    footer = {
      "",
      "Exit codes: 0 all puts were answered, 1 some failed, 2 wrong options, 3 no cluster."
    })
final class Options {
  @Option(
      names = "--ops",
      paramLabel = "N",
      description = "Puts that are measured. Default: 100000.")
  long operations = 100_000;

  @Option(names = "--warm-up", paramLabel = "N", description = "Puts before. Default: 20000.")
  long warmUp = 20_000;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description = "Puts under way at a time. Default: 64.")
  int inFlight = 64;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = {
        "Puts begun a second, whatever becomes of them; --in-flight is then the most that are under",
        "way. Default: 0, a closed loop."
      })
  long perSecond;

  @Option(
      names = "--keys",
      paramLabel = "N",
      description = "Different keys, taken in turn. Default: 100000.")
  long keys = 100_000;

  @Option(
      names = "--value-bytes",
      paramLabel = "N",
      description = "Size of each value. Default: 64.")
  int valueBytes = 64;

  @Option(
      names = "--endpoints",
      paramLabel = "LIST",
      split = ",",
      description = "A cluster that runs already. Default: three nodes are started here.")
  List<String> endpoints = new ArrayList<>();

  @Option(
      names = "--pids",
      paramLabel = "LIST",
      split = ",",
      description = "With --endpoints: processes whose memory is reported.")
  List<Long> pids = new ArrayList<>();

  @Option(
      names = "--data-parent",
      paramLabel = "DIR",
      description = "Where the nodes started here keep their data. Default: bench/target/data.")
  Path dataParent = Path.of("bench", "target", "data");

  @Option(names = "--home", hidden = true, description = "The source tree.")
  Path home = Path.of("");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and exit.")
  boolean help;
}
