package raftkv.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import raftkv.bench.load.Kind;

/** The options as they are written. */
@Command(
    name = "bench/run.sh",
    sortOptions = false,
    header = "Load in a closed or open loop: how many operations a second, how long each takes.%n",
    footer = {
      "",
      "Exit codes: 0 all was answered, 1 some operations failed, 2 wrong options, 3 no cluster,",
      "4 wrong answers: the sample that --check takes could not have come from one copy of the data."
    })
final class Options {
  private static final Pattern ENDPOINT = Pattern.compile(".+:\\d{1,5}");

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = {
        "raftkv, raftkv-client, raftkv-pipeline, etcd, echo, and with the peers' jars zookeeper,",
        "rheakv and rheakv-unbatched. Default: raftkv-client."
      })
  String target = "raftkv-client";

  @Option(
      names = "--operation",
      paramLabel = "KIND",
      converter = KindConverter.class,
      description = "put, get, stale-get or mixed. Default: put.")
  Kind kind = Kind.PUT;

  @Option(
      names = "--ops",
      paramLabel = "N",
      description = "Operations that are measured. Default: 100000.")
  long operations = 100_000;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Instead of --ops: how long operations are begun.")
  double seconds;

  @Option(names = "--warm-up", paramLabel = "N", description = "Operations before. Default: 20000.")
  long warmUp = 20_000;

  @Option(
      names = "--warm-up-seconds",
      paramLabel = "S",
      description = {
        "Instead of --warm-up: how long before; at least 64 in flight, so that a slow level is warm",
        "too, and for its last fifth as many as the level has."
      })
  double warmUpSeconds;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description = "Operations under way at a time. Default: 64.")
  int inFlight = 64;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Connections to the leader, taken in turn: raftkv and etcd alone. Default: 1.")
  int connections = 1;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = {
        "Operations begun a second, whatever becomes of them; --in-flight is then the most that are",
        "under way. Default: 0, a closed loop."
      })
  double perSecond;

  @Option(
      names = "--keys",
      paramLabel = "N",
      description = "Different keys, each once in as many operations. Default: 100000.")
  long keys = 100_000;

  @Option(names = "--key-bytes", paramLabel = "N", description = "Size of a key. Default: 16.")
  int keyBytes = 16;

  @Option(
      names = "--value-bytes",
      paramLabel = "N",
      description = "Size of each value, at least 16. Default: 256.")
  int valueBytes = 256;

  @Option(
      names = "--check",
      description = {
        "Judge a sample: one operation in 256 goes to keys that are put and read in turn, and the",
        "checker of the tests looks at all answers to those."
      })
  boolean check;

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
      description = "With --endpoints: the servers' processes, to report what they spend.")
  List<Long> pids = new ArrayList<>();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Append the result as one line of JSON.")
  @Nullable Path json;

  @Option(
      names = "--note",
      paramLabel = "NAME=VALUE",
      description = "Stands in that line as it is: a round, a version. Any number of them.")
  List<String> notes = new ArrayList<>();

  @Option(
      names = "--data-parent",
      paramLabel = "DIR",
      description = "Where the nodes started here keep their data. Default: bench/target/data.")
  Path dataParent = Path.of("bench", "target", "data");

  @Option(names = "--list-targets", description = "Name the targets there are, and exit.")
  boolean listTargets;

  @Option(names = "--home", hidden = true, description = "The source tree.")
  Path home = Path.of("");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and exit.")
  boolean help;

  /**
   * Refuses what would end in a trace, or measure nothing.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  void check() {
    atLeast(1, inFlight, "--in-flight");
    atLeast(1, connections, "--connections");
    atLeast(1, operations, "--ops");
    atLeast(0, warmUp, "--warm-up");
    for (String endpoint : endpoints) {
      refuseUnless(ENDPOINT.matcher(endpoint).matches(), "'" + endpoint + "' is not host:port");
    }
    for (String note : notes) {
      refuseUnless(note.indexOf('=') > 0, "--note '" + note + "' is not NAME=VALUE");
    }
  }

  private static void atLeast(long least, long value, String option) {
    refuseUnless(value >= least, option + " is at least " + least);
  }

  private static void refuseUnless(boolean allowed, String sentence) {
    if (!allowed) {
      throw new IllegalArgumentException(sentence);
    }
  }

  /** Kinds as they are printed. */
  static final class KindConverter implements ITypeConverter<Kind> {
    @Override
    public Kind convert(String text) {
      for (Kind kind : Kind.values()) {
        if (kind.toString().equals(text.toLowerCase(Locale.ROOT))) {
          return kind;
        }
      }
      throw new TypeConversionException("'" + text + "' is none of put, get, stale-get, mixed");
    }
  }
}
