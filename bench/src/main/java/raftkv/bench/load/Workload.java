package raftkv.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Which operations.
 *
 * @param kind puts, gets, or both
 * @param keys different keys; each comes once in as many operations, scattered
 * @param keyBytes length of each key
 * @param valueBytes length of each value
 * @param tag of this run: values of two runs are never equal
 */
public record Workload(Kind kind, long keys, int keyBytes, int valueBytes, int tag) {
  /** Digits that make a value unique: the run, and the number of the operation. */
  static final int UNIQUE_BYTES = 16;

  private static final int TAG_DIGITS = 6;

  /** A prime far from a multiple of any number of keys that somebody would ask for. */
  private static final long STRIDE = 1_000_000_007;

  private static final byte FILLING = 'v';
  private static final int BITS_PER_DIGIT = 4;

  /** Refuses what would make keys or values equal that must differ. */
  public Workload {
    if (keys < 1) {
      throw new IllegalArgumentException("there has to be a key");
    }
    if (keyBytes < Long.toString(keys).length() + 1) {
      throw new IllegalArgumentException(keys + " keys do not fit into " + keyBytes + " bytes");
    }
    if (valueBytes < UNIQUE_BYTES) {
      throw new IllegalArgumentException("a value has at least " + UNIQUE_BYTES + " bytes");
    }
  }

  /** The key of the n-th operation. */
  String keyOf(long number) {
    return key('k', number % keys * STRIDE % keys);
  }

  /** A key that is not among those, of the same length; the tag makes it new in each run. */
  String sampleKey(int number) {
    return key('s', (tag * 100L + number) % (long) Math.pow(10, keyBytes - 1));
  }

  private String key(char first, long digits) {
    byte[] key = new byte[keyBytes];
    long left = digits;
    for (int i = keyBytes - 1; i > 0; i--) {
      key[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
    key[0] = (byte) first;
    return new String(key, StandardCharsets.ISO_8859_1);
  }

  /** The value that the n-th operation puts: different for each. */
  byte[] valueOf(long number) {
    byte[] value = new byte[valueBytes];
    Arrays.fill(value, UNIQUE_BYTES, valueBytes, FILLING);
    digits(value, 0, TAG_DIGITS, tag);
    digits(value, TAG_DIGITS, UNIQUE_BYTES, number);
    return value;
  }

  /** Whether these bytes can have been put by any run with values of this size. */
  boolean isWhole(byte[] value) {
    if (value.length != valueBytes) {
      return false;
    }
    for (int i = UNIQUE_BYTES; i < valueBytes; i++) {
      if (value[i] != FILLING) {
        return false;
      }
    }
    return true;
  }

  private static void digits(byte[] into, int from, int toExclusive, long number) {
    long left = number;
    for (int i = toExclusive - 1; i >= from; i--) {
      into[i] = (byte) Character.forDigit((int) (left & 0xf), 16);
      left >>>= BITS_PER_DIGIT;
    }
  }
}
