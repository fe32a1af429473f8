package raftkv.server;

import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.config.ServerConfig.SessionLimits;
import raftkv.kv.KvLimits;
import raftkv.kv.KvStateMachine;
import raftkv.kv.MalformedInput;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.raft.EntryKind;
import raftkv.raft.LogEntry;
import raftkv.raft.MalformedBody;
import raftkv.raft.Settings;

/** The limits that a cluster agreed on when it formed, against what this node's options say. */
final class AgreedLimits {
  private AgreedLimits() {}

  /** What a new cluster gets, if this node is its first leader. */
  static KvLimits asked(SessionLimits options) {
    return with(KvLimits.DEFAULTS, options);
  }

  /**
   * Refuses options that contradict the cluster that the data belongs to.
   *
   * @param machine with the state of the newest snapshot, if there is one
   * @param entries of the log, of which the first ones may be gone
   * @throws StartFailure with the sentence
   * @throws StorageFailure with {@link ExitCode#NEWER_FORMAT} if the log's settings are of one
   */
  static void check(KvStateMachine machine, List<LogEntry> entries, SessionLimits options) {
    KvLimits agreed = machine.roster() == null ? settingsOf(entries) : machine.limits();
    if (agreed == null) {
      asked(options);
      return;
    }
    @Nullable String sentence = agreed.contradictionWith(with(agreed, options));
    if (sentence != null) {
      throw new StartFailure(ExitCode.USAGE, sentence);
    }
  }

  private static @Nullable KvLimits settingsOf(List<LogEntry> entries) {
    for (LogEntry entry : entries) {
      if (entry.kind() == EntryKind.SETTINGS) {
        return limitsIn(entry);
      }
    }
    return null;
  }

  private static KvLimits limitsIn(LogEntry settings) {
    try {
      return KvLimits.decode(Settings.decode(settings.body()).limits());
    } catch (MalformedBody malformed) {
      throw malformed.isNewerFormat() ? newer(settings, malformed) : malformed;
    } catch (MalformedInput malformed) {
      throw malformed.isNewerFormat() ? newer(settings, malformed) : malformed;
    }
  }

  private static StorageFailure newer(LogEntry settings, IllegalArgumentException malformed) {
    return new StorageFailure(
        ExitCode.NEWER_FORMAT,
        "the cluster's settings, entry " + settings.position() + ": " + malformed.getMessage(),
        malformed);
  }

  private static KvLimits with(KvLimits limits, SessionLimits options) {
    try {
      KvLimits result = limits;
      if (options.maxSessions() != null) {
        result = result.withMaxSessions(options.maxSessions());
      }
      if (options.sessionWindow() != null) {
        result = result.withSessionWindow(options.sessionWindow());
      }
      if (options.maxStoredAnswerBytes() != null) {
        result = result.withMaxStoredAnswerBytes(options.maxStoredAnswerBytes());
      }
      return result;
    } catch (MalformedInput outOfRange) {
      throw new StartFailure(ExitCode.USAGE, String.valueOf(outOfRange.getMessage()));
    }
  }
}
