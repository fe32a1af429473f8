package raftkv.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options as they are written; {@link OptionParser} makes sense of them. */
@Command(
    name = "kv-server",
    sortOptions = false,
    usageHelpWidth = 90,
    usageHelpAutoWidth = false,
    headerHeading = "",
    header = "One node of a replicated key-value store.%n",
    synopsisHeading = "",
    customSynopsis = {
      "  kv-server --id 1 --port 9001                          a cluster of one",
      "  kv-server --id 1 --port 9001 --peers 9002,9003        three nodes on this machine",
      "  kv-server --id 1 --port 9001 --listen 0.0.0.0 \\",
      "      --peers 1=kv1:9001,2=kv2:9001,3=kv3:9001          three machines",
      ""
    },
    footerHeading = "%n",
    footer = {
      "Every option is an environment variable as well: --data-dir is KV_DATA_DIR. An option",
      "wins over its variable.",
      "",
      "A new cluster forms when all its members are up; afterwards any minority may be missing.",
      "Talk to it with kv-cli. Stop it with SIGTERM or Ctrl-C: leadership is handed over first.",
      "",
      "To look into a data directory, without a lock and without changing anything:",
      "  kv-server verify [--json] DIR            whether a node would start from it",
      "  kv-server wal-dump [--json] DIR          every record of its log",
      "  kv-server snapshot-dump [--json] FILE    everything in one of its snapshots",
      "",
      "Exit codes: 0 ended as asked, 2 wrong options, 10 port or directory not usable,",
      "11 directory of another node or in use, 12 damaged storage, 13 newer format,",
      "14 broken invariant, 15 failed write, 16 out of memory."
    })
final class Options {
  @Option(
      names = "--id",
      paramLabel = "N",
      description = "Number of this node in its cluster, from 1.")
  @Nullable Integer id;

  @Option(names = "--port", paramLabel = "PORT", description = "Port for clients and peers alike.")
  @Nullable Integer port;

  @Option(
      names = "--peers",
      paramLabel = "LIST",
      split = ",",
      description =
          "The other members: ports on this machine, whose numeric order together with --port"
              + " gives the ids, or id=host:port for each. May contain this node. Without it:"
              + " a cluster of one.")
  List<String> peers = new ArrayList<>();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the data lies. Default: data/node<id>.")
  @Nullable Path dataDirectory;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      description = "Address to listen on. Default: 127.0.0.1. There is no authentication.")
  String listen = HostPort.LOOPBACK;

  @Option(
      names = "--advertise",
      paramLabel = "HOST:PORT",
      description =
          "What clients are told when this node leads. Default: what --peers calls this node,"
              + " else the listen address.")
  @Nullable String advertise;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "error, warn, info, debug or trace. Default: info.")
  String logLevel = "info";

  @Option(
      names = "--log-to",
      paramLabel = "WHERE",
      description = "console, file (<data-dir>/node.log) or both. Default: both.")
  String logTo = "both";

  @Option(
      names = "--election-timeout-min-ms",
      paramLabel = "MS",
      description = "Shortest election timeout. Default: 150.")
  int electionTimeoutMinMs = ServerConfig.Times.DEFAULT.electionTimeoutMinMs();

  @Option(
      names = "--election-timeout-max-ms",
      paramLabel = "MS",
      description = "Longest election timeout. Default: 300.")
  int electionTimeoutMaxMs = ServerConfig.Times.DEFAULT.electionTimeoutMaxMs();

  @Option(
      names = "--heartbeat-ms",
      paramLabel = "MS",
      description = "How often a leader speaks when it has nothing to say. Default: 50.")
  int heartbeatMs = ServerConfig.Times.DEFAULT.heartbeatMs();

  @Option(
      names = "--snapshot-log-bytes",
      paramLabel = "BYTES",
      description =
          "Take a snapshot behind so much log. Default: half of the last snapshot's size, from 64"
              + " to 256 MiB, and no more than an eighth of the heap.")
  @Nullable Long snapshotLogBytes;

  @Option(
      names = "--retained-log-bytes",
      paramLabel = "BYTES",
      description =
          "Keep so much log behind a snapshot, for members that lag. Default: 33554432 (32 MiB).")
  long retainedLogBytes = ServerConfig.Snapshots.DEFAULT_RETAINED_LOG_BYTES;

  @Option(
      names = "--max-sessions",
      paramLabel = "N",
      description = "New cluster: sessions that are remembered.")
  @Nullable Integer maxSessions;

  @Option(
      names = "--session-window",
      paramLabel = "N",
      description = "New cluster: answers that a session keeps.")
  @Nullable Integer sessionWindow;

  @Option(
      names = "--max-stored-answer-bytes",
      paramLabel = "BYTES",
      description = "New cluster: bytes of kept answers over all sessions.")
  @Nullable Long maxStoredAnswerBytes;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and exit.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version and exit.")
  boolean version;
}
