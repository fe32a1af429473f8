package raftkv.simulation.disk;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import raftkv.raft.Xoshiro256;

/** A call that changes something, from when to when, and what it does. */
record DiskCall(long beginNanos, long endNanos, Effect effect) {
  private static final int PARTS = 16;

  /** What is left of a call that the end of the process cuts short. */
  @FunctionalInterface
  interface InPart {
    /** Does that many sixteenths of it. */
    void settle(int sixteenths);
  }

  /** What a call does, wholly or in part. */
  record Effect(Runnable whole, InPart inPart) {
    /** Nothing is done before the call returns. */
    static Effect atEnd(Runnable whole) {
      return new Effect(whole, part -> {});
    }

    /** All is done when the call begins. */
    static Effect atBegin(Runnable whole) {
      return new Effect(whole, part -> whole.run());
    }
  }

  void settle() {
    effect.whole.run();
  }

  void settleInPart(RandomGenerator random) {
    effect.inPart.settle((int) Xoshiro256.between(random, 0, PARTS - 1));
  }

  /** So many sixteenths of the bytes, in whole sectors. */
  static byte[] firstSectors(byte[] bytes, int sixteenths) {
    int length = (int) ((long) bytes.length * sixteenths / PARTS);
    return Arrays.copyOf(bytes, length - length % SimFile.SECTOR);
  }
}
