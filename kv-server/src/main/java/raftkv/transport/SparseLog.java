package raftkv.transport;

import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Warnings about peers, each kind at most once every ten seconds: a peer that does not fit dials
 * again and again, and must not fill the disk (hazard 112).
 */
final class SparseLog {
  static final long INTERVAL_NANOS = 10_000_000_000L;

  private static final Logger LOG = LogManager.getLogger(SparseLog.class);

  private final LongSupplier nowNanos;

  /** Guarded by this: both the loop and gRPC's thread warn. */
  private final TreeMap<String, Long> lastNanos = new TreeMap<>();

  SparseLog(LongSupplier nowNanos) {
    this.nowNanos = nowNanos;
  }

  /** Logs the sentence unless something of the same subject was logged a moment ago. */
  void warn(String subject, String sentence) {
    if (isDue(subject)) {
      LOG.warn("{}: {}", subject, sentence);
    }
  }

  synchronized boolean isDue(String subject) {
    long now = nowNanos.getAsLong();
    Long last = lastNanos.get(subject);
    if (last != null && now - last < INTERVAL_NANOS) {
      return false;
    }
    lastNanos.put(subject, now);
    return true;
  }
}
