package raftkv.transport;

/** Counts what is under way, up to a number and a sum of bytes. */
final class InFlight {
  private final int maxCount;
  private final long maxBytes;

  /** Guarded by this: calls begin and end on different threads. */
  private int count;

  private long bytes;

  InFlight(int maxCount, long maxBytes) {
    this.maxCount = maxCount;
    this.maxBytes = maxBytes;
  }

  /** Takes room, or says that there is none. One item always fits, whatever its size. */
  synchronized boolean begin(int sizeBytes) {
    if (count >= maxCount || (count > 0 && bytes + sizeBytes > maxBytes)) {
      return false;
    }
    count++;
    bytes += sizeBytes;
    return true;
  }

  /** Gives the room back. */
  synchronized void end(int sizeBytes) {
    count--;
    bytes -= sizeBytes;
  }
}
