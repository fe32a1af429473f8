package raftkv.port;

/** Counts what is under way, up to a number and a sum of bytes. Safe for all threads. */
public final class InFlight {
  private final int maxCount;
  private final long maxBytes;

  /** Guarded by this: calls begin and end on different threads. */
  private int count;

  private long bytes;

  private InFlight(int maxCount, long maxBytes) {
    this.maxCount = maxCount;
    this.maxBytes = maxBytes;
  }

  /** Forwarded writes between two nodes, in one direction. */
  public static InFlight ofForwards() {
    return new InFlight(Transport.MAX_FORWARDS, Transport.MAX_FORWARD_BYTES);
  }

  /** Whether there is room. One item always fits, whatever its size. */
  public synchronized boolean hasRoom(int sizeBytes) {
    return count == 0 || (count < maxCount && bytes + sizeBytes <= maxBytes);
  }

  /** Takes room, or says that there is none. */
  public synchronized boolean begin(int sizeBytes) {
    if (!hasRoom(sizeBytes)) {
      return false;
    }
    count++;
    bytes += sizeBytes;
    return true;
  }

  /** Gives the room back. */
  public synchronized void end(int sizeBytes) {
    count--;
    bytes -= sizeBytes;
  }
}
