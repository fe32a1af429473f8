package raftkv.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import raftkv.raft.NodeId;

/**
 * Everything that a server is told, free of contradictions.
 *
 * @param self this node
 * @param port on which it serves
 * @param peers the other members and how to reach them; empty for a cluster of one
 * @param listen on which address
 * @param advertise what clients are told when this node leads
 * @param dataDirectory where log and identity lie
 * @param logLevel of the program's log
 * @param logTarget where it goes
 * @param times elections and heartbeats
 * @param snapshots how much log there is before and behind them
 * @param sessions limits for a new cluster; null where nothing was said
 */
public record ServerConfig(
    NodeId self,
    int port,
    SortedMap<NodeId, HostPort> peers,
    String listen,
    HostPort advertise,
    Path dataDirectory,
    String logLevel,
    LogTarget logTarget,
    Times times,
    Snapshots snapshots,
    SessionLimits sessions) {

  /** Copies the map. */
  public ServerConfig {
    peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
  }

  /** Where the program's log goes. */
  public enum LogTarget {
    /** To standard output and to a file in the data directory. */
    BOTH,
    /** To standard output alone: what a container wants. */
    CONSOLE,
    /** To the file alone. */
    FILE
  }

  /** Elections and heartbeats, in milliseconds. */
  public record Times(int electionTimeoutMinMs, int electionTimeoutMaxMs, int heartbeatMs) {
    /** The documented defaults. */
    static final Times DEFAULT = new Times(150, 300, 50);

    /** Checks that they fit together. */
    public Times {
      if (heartbeatMs < 1 || electionTimeoutMinMs < 2 * heartbeatMs) {
        throw new UsageError(
            "--heartbeat-ms "
                + heartbeatMs
                + " must be positive and at most half of --election-timeout-min-ms "
                + electionTimeoutMinMs);
      }
      if (electionTimeoutMaxMs <= electionTimeoutMinMs) {
        throw new UsageError(
            "--election-timeout-max-ms "
                + electionTimeoutMaxMs
                + " must be above --election-timeout-min-ms "
                + electionTimeoutMinMs
                + ": equal timeouts split votes without end");
      }
    }
  }

  /**
   * Snapshots and the log.
   *
   * @param logBytes so much log makes one due; null: it depends on the size of the last one
   * @param retainedLogBytes so much log is kept behind one
   */
  public record Snapshots(@Nullable Long logBytes, long retainedLogBytes) {
    static final long DEFAULT_RETAINED_LOG_BYTES = 32L << 20;

    /** Checks the ranges. */
    public Snapshots {
      if (logBytes != null && logBytes < 1) {
        throw new UsageError("--snapshot-log-bytes " + logBytes + " must be positive");
      }
      if (retainedLogBytes < 0) {
        throw new UsageError("--retained-log-bytes " + retainedLogBytes + " is negative");
      }
    }
  }

  /** Limits that a new cluster gets; null: the default, and no contradiction to an old cluster. */
  public record SessionLimits(
      @Nullable Integer maxSessions,
      @Nullable Integer sessionWindow,
      @Nullable Long maxStoredAnswerBytes) {}
}
