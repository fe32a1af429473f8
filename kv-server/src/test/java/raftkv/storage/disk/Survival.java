package raftkv.storage.disk;

import java.util.random.RandomGenerator;

/**
 * What a power cut leaves of the changes that were not forced. A 512-byte sector is old or new,
 * never mixed, unless a test wants it finer; name changes survive in the order in which they were
 * made, as with any journal.
 */
public interface Survival {
  /** How many of the unforced name changes, oldest first, are on the disk. */
  int nameChanges(int pending);

  /** The same as bits, for a disk that keeps no order among them; bit 0 is the oldest. */
  default long nameChangeBits(int pending) {
    int surviving = nameChanges(pending);
    return surviving >= Long.SIZE ? -1 : (1L << surviving) - 1;
  }

  /**
   * How many bytes of one sector's share of an unforced write are on the disk.
   *
   * @param fromLast 0 for the last unforced write of the disk, 1 for the one before
   * @param sector counted from the first sector that the write touched
   * @param length how many bytes of that sector were written
   */
  int survivingBytes(int fromLast, int sector, int length);

  /** Nothing that was not forced. */
  static Survival none() {
    return of(0, false);
  }

  /** All, as if the process alone had died. */
  static Survival all() {
    return of(Integer.MAX_VALUE, true);
  }

  /** Sectors and name changes by chance. */
  static Survival random(RandomGenerator random) {
    return new Survival() {
      @Override
      public int nameChanges(int pending) {
        return random.nextInt(pending + 1);
      }

      @Override
      public int survivingBytes(int fromLast, int sector, int length) {
        return random.nextBoolean() ? length : 0;
      }
    };
  }

  /** All, but of the last write only that many bytes from its beginning. */
  static Survival cutLastWriteAt(int bytes) {
    return new Survival() {
      private int left = bytes;

      @Override
      public int nameChanges(int pending) {
        return pending;
      }

      @Override
      public int survivingBytes(int fromLast, int sector, int length) {
        if (fromLast > 0) {
          return length;
        }
        int survives = Math.min(left, length);
        left -= survives;
        return survives;
      }
    };
  }

  /** All, but of the last write only the sectors whose bit is set. */
  static Survival sectorsOfLastWrite(long bits) {
    return new Survival() {
      @Override
      public int nameChanges(int pending) {
        return pending;
      }

      @Override
      public int survivingBytes(int fromLast, int sector, int length) {
        return fromLast > 0 || (bits >>> sector & 1) == 1 ? length : 0;
      }
    };
  }

  private static Survival of(int names, boolean writes) {
    return new Survival() {
      @Override
      public int nameChanges(int pending) {
        return Math.min(names, pending);
      }

      @Override
      public int survivingBytes(int fromLast, int sector, int length) {
        return writes ? length : 0;
      }
    };
  }
}
