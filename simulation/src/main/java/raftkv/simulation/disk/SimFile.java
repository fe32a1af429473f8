package raftkv.simulation.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** The contents of one file: what a reader sees, and what is on the platter. */
final class SimFile {
  static final int SECTOR = 512;

  /** A write that ended and was not forced. */
  private static final class Unforced {
    final long offset;
    final byte[] bytes;

    Unforced(long offset, byte[] bytes) {
      this.offset = offset;
      this.bytes = bytes;
    }
  }

  private byte[] seen = new byte[0];
  private int seenSize;
  private byte[] durable = new byte[0];
  private int durableSize;
  private final List<Unforced> unforced = new ArrayList<>();

  /**
   * In the page cache, over what is on the platter: writes whose force failed, which count as
   * written and are nowhere else, and those that came behind them.
   */
  private final List<Unforced> claimed = new ArrayList<>();

  /** Writes handed to the disk since the last force, also those that have not ended. */
  private int dirty;

  // What a process does and sees.

  int sizeBytes() {
    return seenSize;
  }

  int read(ByteBuffer target, long offset) {
    int count = (int) Math.max(0, Math.min(target.remaining(), seenSize - offset));
    if (count > 0) {
      target.put(seen, (int) offset, count);
    }
    return count;
  }

  void see(long offset, byte[] bytes) {
    int end = Math.toIntExact(offset + bytes.length);
    seen = grown(seen, end);
    System.arraycopy(bytes, 0, seen, (int) offset, bytes.length);
    seenSize = Math.max(seenSize, end);
    dirty++;
  }

  void seeForced() {
    dirty = 0;
  }

  boolean isDirty() {
    return dirty > 0;
  }

  // What becomes of it.

  void settleWrite(long offset, byte[] bytes) {
    unforced.add(new Unforced(offset, bytes));
  }

  void settleForce() {
    for (Unforced write : unforced) {
      if (durableSize == 0 && write.offset == 0) {
        durable = write.bytes; // nobody else holds them any more
        durableSize = write.bytes.length;
      } else {
        burn(write.offset, write.bytes, 0, write.bytes.length);
      }
    }
    if (!claimed.isEmpty()) {
      claimed.addAll(unforced);
    }
    unforced.clear();
  }

  /** A force has failed: no later one will write what this one was for. */
  void settleFailedForce() {
    claimed.addAll(unforced);
    unforced.clear();
  }

  /** The process died: what was handed to the disk, and only that, is still in the page cache. */
  void reread() {
    seeWhatIsDurable();
    for (Unforced write : claimed) {
      see(write.offset, write.bytes);
    }
    dirty = 0;
    for (Unforced write : unforced) {
      see(write.offset, write.bytes);
    }
  }

  /** The machine died: each sector that was not forced is there or not. */
  void losePower(Loss loss, RandomGenerator random) {
    for (Unforced write : unforced) {
      int at = 0;
      while (at < write.bytes.length) {
        int length = (int) (SECTOR - (write.offset + at) % SECTOR);
        length = Math.min(length, write.bytes.length - at);
        if (loss.keeps(random)) {
          burn(write.offset + at, write.bytes, at, length);
        }
        at += length;
      }
    }
    unforced.clear();
    claimed.clear();
    dirty = 0;
    seeWhatIsDurable();
  }

  /** Most files have not changed since: looking is cheaper than copying. */
  private void seeWhatIsDurable() {
    if (!Arrays.equals(seen, 0, seenSize, durable, 0, durableSize)) {
      seen = Arrays.copyOf(durable, durableSize);
      seenSize = durableSize;
    }
  }

  /** Damages the platter, and what is cached of it. */
  void damage(int offset, int mask) {
    durable[offset] ^= (byte) mask;
    seen[offset] ^= (byte) mask;
  }

  /** The bytes on the platter, to be read only. */
  ByteBuffer platter() {
    return ByteBuffer.wrap(durable, 0, durableSize).slice();
  }

  private void burn(long offset, byte[] bytes, int from, int length) {
    int end = Math.toIntExact(offset + length);
    durable = grown(durable, end);
    System.arraycopy(bytes, from, durable, (int) offset, length);
    durableSize = Math.max(durableSize, end);
  }

  private static byte[] grown(byte[] array, int size) {
    return size <= array.length ? array : Arrays.copyOf(array, Math.max(size, array.length * 2));
  }
}
