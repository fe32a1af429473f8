package raftkv.kv;

import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;

/**
 * The limits of a cluster, part of the replicated state: carried by SETTINGS, the same on every
 * node whatever its options say, since what apply does depends on them (safety rule 4.5).
 *
 * <pre>
 *   offset  size  field
 *        0     1  format, 1
 *        1     1  version of the state hash
 *        2     1  format of commands
 *        3     4  maxKeyBytes
 *        7     4  maxValueBytes
 *       11     4  maxBatchOperations
 *       15     4  maxPageEntries
 *       19     4  maxPageBytes
 *       23     4  maxSessions
 *       27     4  sessionWindow
 *       31     8  maxStoredAnswerBytes
 * </pre>
 *
 * @param maxKeyBytes longest key
 * @param maxValueBytes longest value
 * @param maxBatchOperations operations of a batch
 * @param maxPageEntries entries of a page of a list
 * @param maxPageBytes bytes of a page, unless its first entry alone has more
 * @param maxSessions sessions kept, at least {@value #MIN_SESSIONS}; a quarter is the share of
 *     those with a single write
 * @param sessionWindow W: answers kept of a simple session, width of a windowed one
 * @param maxStoredAnswerBytes bytes of stored answers over all sessions
 */
public record KvLimits(
    int maxKeyBytes,
    int maxValueBytes,
    int maxBatchOperations,
    int maxPageEntries,
    int maxPageBytes,
    int maxSessions,
    int sessionWindow,
    long maxStoredAnswerBytes) {
  /** What a new cluster has unless its options say otherwise. */
  public static final KvLimits DEFAULTS =
      new KvLimits(1_024, 1 << 20, 128, 1_000, 1 << 20, 10_000, 128, 64L << 20);

  /** Fewer sessions cannot be shared out among the two rings. */
  public static final int MIN_SESSIONS = 4;

  private static final int FORMAT = 1;
  private static final int SIZE_BYTES = 39;

  /** Checks the ranges. */
  public KvLimits {
    inRange(maxKeyBytes, 1, 1 << 16, "max key bytes");
    inRange(maxValueBytes, 1, 1 << 20, "max value bytes");
    inRange(maxBatchOperations, 1, 1 << 10, "max batch operations");
    inRange(maxPageEntries, 1, 1 << 16, "max page entries");
    inRange(maxPageBytes, 1, 2 << 20, "max page bytes");
    inRange(maxSessions, MIN_SESSIONS, 1 << 20, "max sessions");
    inRange(sessionWindow, 1, 1 << 16, "session window");
    inRange(maxStoredAnswerBytes, 0, 1L << 40, "max stored answer bytes");
  }

  /** The same with another number of sessions. */
  public KvLimits withMaxSessions(int sessions) {
    return new KvLimits(
        maxKeyBytes,
        maxValueBytes,
        maxBatchOperations,
        maxPageEntries,
        maxPageBytes,
        sessions,
        sessionWindow,
        maxStoredAnswerBytes);
  }

  /** The same with another window. */
  public KvLimits withSessionWindow(int window) {
    return new KvLimits(
        maxKeyBytes,
        maxValueBytes,
        maxBatchOperations,
        maxPageEntries,
        maxPageBytes,
        maxSessions,
        window,
        maxStoredAnswerBytes);
  }

  /** The same with another limit on stored answers. */
  public KvLimits withMaxStoredAnswerBytes(long bytes) {
    return new KvLimits(
        maxKeyBytes,
        maxValueBytes,
        maxBatchOperations,
        maxPageEntries,
        maxPageBytes,
        maxSessions,
        sessionWindow,
        bytes);
  }

  /** The bytes for {@code Settings.limits}. */
  public Bytes encode() {
    return new ByteWriter(SIZE_BYTES)
        .oneByte(FORMAT)
        .oneByte(ItemHash.VERSION)
        .oneByte(CommandCodec.FORMAT)
        .fourBytes(maxKeyBytes)
        .fourBytes(maxValueBytes)
        .fourBytes(maxBatchOperations)
        .fourBytes(maxPageEntries)
        .fourBytes(maxPageBytes)
        .fourBytes(maxSessions)
        .fourBytes(sessionWindow)
        .eightBytes(maxStoredAnswerBytes)
        .bytes();
  }

  /**
   * Reads limits.
   *
   * @throws MalformedInput if they are of a newer format, ask for a newer hash or command format,
   *     or are out of range
   */
  public static KvLimits decode(Bytes body) {
    ByteReader reader = new ByteReader(body).format(FORMAT, "format of limits");
    reader.format(ItemHash.VERSION, "version of the state hash");
    reader.format(CommandCodec.FORMAT, "format of commands");
    KvLimits limits =
        new KvLimits(
            reader.fourBytes(),
            reader.fourBytes(),
            reader.fourBytes(),
            reader.fourBytes(),
            reader.fourBytes(),
            reader.fourBytes(),
            reader.fourBytes(),
            reader.eightBytes());
    reader.end();
    return limits;
  }

  /** One sentence for an operator whose options contradict what the cluster agreed, or null. */
  public @Nullable String contradictionWith(KvLimits options) {
    return equals(options)
        ? null
        : firstDifference(options)
            + ": the limits of a cluster are fixed when it forms, start without that option";
  }

  private String firstDifference(KvLimits options) {
    if (maxKeyBytes != options.maxKeyBytes) {
      return difference("max key bytes", maxKeyBytes, options.maxKeyBytes);
    }
    if (maxValueBytes != options.maxValueBytes) {
      return difference("max value bytes", maxValueBytes, options.maxValueBytes);
    }
    if (maxBatchOperations != options.maxBatchOperations) {
      return difference("max batch operations", maxBatchOperations, options.maxBatchOperations);
    }
    if (maxPageEntries != options.maxPageEntries) {
      return difference("max page entries", maxPageEntries, options.maxPageEntries);
    }
    if (maxPageBytes != options.maxPageBytes) {
      return difference("max page bytes", maxPageBytes, options.maxPageBytes);
    }
    if (maxSessions != options.maxSessions) {
      return difference("max sessions", maxSessions, options.maxSessions);
    }
    if (sessionWindow != options.sessionWindow) {
      return difference("session window", sessionWindow, options.sessionWindow);
    }
    return difference(
        "max stored answer bytes", maxStoredAnswerBytes, options.maxStoredAnswerBytes);
  }

  private static String difference(String name, long agreed, long asked) {
    return "this cluster has " + name + " " + agreed + ", the options of this node say " + asked;
  }

  private static void inRange(long value, long min, long max, String name) {
    MalformedInput.unless(
        value >= min && value <= max,
        name + " is " + value + ", allowed are " + min + " to " + max);
  }
}
