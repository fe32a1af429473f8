package raftkv.raft;

import java.util.Arrays;

/**
 * An unchanging range of bytes. Wrapping hands the array over: nobody may write to it afterwards,
 * so that the same bytes can be on their way to a file and to several peers at once, uncopied. Safe
 * to share between threads once safely published.
 */
public final class Bytes {
  /** No bytes. */
  public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  private static final int LARGE = (512 << 10) - 16;

  private final byte[] array;
  private final int offset;
  private final int length;

  private Bytes(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /** All of the array, which is handed over and must not be changed any more. */
  public static Bytes wrap(byte[] array) {
    return new Bytes(array, 0, array.length);
  }

  /** A range of the array, which is handed over and must not be changed any more. */
  public static Bytes wrap(byte[] array, int offset, int length) {
    Check.that(offset >= 0 && length >= 0 && offset + length <= array.length, "range is inside");
    return new Bytes(array, offset, length);
  }

  /**
   * What so many bytes take of the heap, their array's header aside: up to twice as much from half
   * a megabyte on, for G1 gives such an array whole regions.
   */
  public static long heapBytes(int length) {
    return length < LARGE ? length : 2L * length;
  }

  /** The bytes from {@code from} to the end, sharing the array. */
  public Bytes from(int from) {
    return wrap(array, offset + from, length - from);
  }

  /** The number of bytes. */
  public int length() {
    return length;
  }

  /** The byte at a place, from 0. */
  public byte at(int index) {
    Check.that(index >= 0 && index < length, "byte index is inside");
    return array[offset + index];
  }

  /** The array behind this range: to be read only, from {@link #offset()}. */
  public byte[] array() {
    return array;
  }

  /** Where the range begins in {@link #array()}. */
  public int offset() {
    return offset;
  }

  /** A copy. */
  public byte[] toByteArray() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  @Override
  public boolean equals(Object other) {
    if (this == other) {
      return true;
    }
    return other instanceof Bytes that
        && Arrays.equals(
            array, offset, offset + length, that.array, that.offset, that.offset + that.length);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + array[i];
    }
    return hash;
  }

  @Override
  public String toString() {
    return length + " bytes";
  }
}
