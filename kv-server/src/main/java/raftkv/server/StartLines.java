package raftkv.server;

import java.util.stream.Collectors;
import raftkv.config.ServerConfig;
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
