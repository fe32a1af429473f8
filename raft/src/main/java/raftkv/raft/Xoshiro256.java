package raftkv.raft;

import java.util.random.RandomGenerator;

/**
 * The xoshiro256++ generator of Blackman and Vigna, seeded by splitmix64, with bounded draws of our
 * own: the JDK's may change between releases, and the same seed has to give the same run on all.
 */
public final class Xoshiro256 implements RandomGenerator {
  private long s0;
  private long s1;
  private long s2;
  private long s3;

  /** A generator whose whole sequence follows from the seed. */
  public Xoshiro256(long seed) {
    long state = seed;
    s0 = mix(state += GOLDEN);
    s1 = mix(state += GOLDEN);
    s2 = mix(state += GOLDEN);
    s3 = mix(state + GOLDEN);
  }

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  @Override
  public long nextLong() {
    long result = Long.rotateLeft(s0 + s3, 23) + s0;
    long t = s1 << 17;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = Long.rotateLeft(s3, 45);
    return result;
  }

  /** A number from {@code from} to {@code to}, both included. The bias is below one in 2^30. */
  public static long between(RandomGenerator random, long from, long to) {
    Check.that(from <= to, "bounds are in order", from, to);
    return from + Long.remainderUnsigned(random.nextLong(), to - from + 1);
  }
}
