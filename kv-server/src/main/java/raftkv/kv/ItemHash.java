package raftkv.kv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import raftkv.raft.Bytes;

/**
 * The 128-bit hash of one item of the replicated state: two independent 64-bit passes over the same
 * words (docs/state-hash.md). It finds faults, not attackers. The first word is the domain, byte
 * strings begin with their length, so that no two different items give the same words.
 */
final class ItemHash {
  static final long ENTRY = 1;
  static final long SESSION = 2;
  static final long ANSWER = 3;
  static final long SETTINGS = 4;
  static final long EVICTED_THROUGH = 5;
  static final long OPERATION = 6;

  /** Version of the hash, named in SETTINGS. */
  static final int VERSION = 1;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private long first = 0x243F6A8885A308D3L;
  private long second = 0x13198A2E03707344L;

  ItemHash(long domain) {
    number(domain);
  }

  /** Adds one word. */
  ItemHash number(long word) {
    first = firstWith(first, word);
    second = secondWith(second, word);
    return this;
  }

  private static long firstWith(long state, long word) {
    return Long.rotateLeft(state ^ (word * 0x87C37B91114253D5L), 29) * 0x9E3779B97F4A7C15L;
  }

  private static long secondWith(long state, long word) {
    long mixed = (state ^ word) * 0xD6E8FEB86659FD93L;
    return mixed ^ (mixed >>> 32);
  }

  /** Adds the length, then the bytes in little-endian words, the last one filled with zeros. */
  ItemHash bytes(byte[] bytes) {
    return bytes(bytes, 0, bytes.length);
  }

  /** Adds the length, then the bytes. */
  ItemHash bytes(Bytes bytes) {
    return bytes(bytes.array(), bytes.offset(), bytes.length());
  }

  private ItemHash bytes(byte[] array, int offset, int length) {
    number(length);
    int at = offset;
    int end = offset + length;
    // In variables, since each word would wait for both fields to be stored and loaded again.
    long one = first;
    long other = second;
    for (; end - at >= Long.BYTES; at += Long.BYTES) {
      long word = (long) WORD.get(array, at);
      one = firstWith(one, word);
      other = secondWith(other, word);
    }
    first = one;
    second = other;
    if (at < end) {
      long last = 0;
      for (int shift = 0; at < end; at++, shift += 8) {
        last |= (array[at] & 0xFFL) << shift;
      }
      number(last);
    }
    return this;
  }

  /** The upper half, from the first pass. */
  long high() {
    return avalanche(first);
  }

  /** The lower half, from the second pass. */
  long low() {
    return avalanche(second ^ 0xA4093822299F31D0L);
  }

  /** Spreads every bit over all: sums of similar items must not cancel out. */
  private static long avalanche(long word) {
    long mixed = (word ^ (word >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
