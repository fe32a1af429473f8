package raftkv.server;

import java.util.stream.Collectors;
import raftkv.config.ServerConfig;
import raftkv.port.SnapshotFile;
import raftkv.raft.DurableState;
import raftkv.raft.SnapshotMeta;
import raftkv.storage.snapshot.StartChoice;
import raftkv.storage.wal.RecoveredLog;

/** What the log says once at each start. */
final class StartLines {
  private StartLines() {}

  /** The configuration in effect. */
  static String configuration(ServerConfig config, String version) {
    String peers =
        config.peers().entrySet().stream()
            .map(peer -> peer.getKey() + "=" + peer.getValue())
            .collect(Collectors.joining(","));
    return "starting kv-server version="
        + version
        + " node="
        + config.self()
        + " listen="
        + config.listen()
        + ":"
        + config.port()
        + " advertise="
        + config.advertise()
        + " peers="
        + (peers.isEmpty() ? "none" : peers)
        + " data-dir="
        + config.dataDirectory().toAbsolutePath().normalize()
        + " election-timeout-ms="
        + config.times().electionTimeoutMinMs()
        + "-"
        + config.times().electionTimeoutMaxMs()
        + " heartbeat-ms="
        + config.times().heartbeatMs()
        + " heap-mb="
        + (Runtime.getRuntime().maxMemory() >> 20)
        + " java="
        + Runtime.version();
  }

  /** The snapshot that the state was restored from, and what became of the log. */
  static String snapshot(
      ServerConfig config, SnapshotFile snapshot, String summary, DurableState durable) {
    String log =
        StartChoice.of(durable.snapshot(), durable.base(), durable.entries())
            .match(new LogWords(durable));
    return "snapshot restored: last="
        + snapshot.meta().lastIncluded()
        + " bytes="
        + snapshot.sizeBytes()
        + " hash="
        + snapshot.hash()
        + " ("
        + summary
        + "), "
        + log
        + " node="
        + config.self();
  }

  /** What becomes of the log. */
  private record LogWords(DurableState durable) implements StartChoice.Cases<String> {
    @Override
    public String logAlone() {
      return "no snapshot";
    }

    @Override
    public String keep(SnapshotMeta snapshot) {
      long end = durable.base().index() + durable.entries().size();
      return "the log goes on to " + end;
    }

    @Override
    public String reset(SnapshotMeta snapshot) {
      return "it takes the place of the log";
    }

    @Override
    public String damage(StartChoice.Damage damage) {
      return damage.sentence();
    }
  }

  /** What the write-ahead log held. */
  static String log(ServerConfig config, RecoveredLog.Facts facts) {
    return "log opened: segments="
        + facts.segments()
        + " entries="
        + facts.entries()
        + " bytes="
        + facts.bytes()
        + " node="
        + config.self();
  }
}
