package raftkv.kv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import raftkv.raft.Bytes;

/**
 * Reads a body. Every shortage is a {@link MalformedInput}, found before anything is allocated for
 * it: a damaged length costs nothing (hazard 74).
 */
final class ByteReader {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final Bytes body;
  private int next;

  ByteReader(Bytes body) {
    this.body = body;
  }

  /** Reads the format byte; {@code what} is named if it is not the one known format. */
  ByteReader format(int known, String what) {
    int found = oneByte();
    if (found > known) {
      throw MalformedInput.newer(what, found, known);
    }
    if (found < known) {
      throw MalformedInput.because(what + " " + found + " does not exist");
    }
    return this;
  }

  int oneByte() {
    need(1);
    return body.at(next++) & 0xFF;
  }

  /** One byte that is 0 or 1. */
  boolean flag(String what) {
    int value = oneByte();
    MalformedInput.unless(value <= 1, what + " is neither 0 nor 1");
    return value == 1;
  }

  int fourBytes() {
    need(Integer.BYTES);
    int value = (int) INT.get(body.array(), body.offset() + next);
    next += Integer.BYTES;
    return value;
  }

  long eightBytes() {
    need(Long.BYTES);
    long value = (long) LONG.get(body.array(), body.offset() + next);
    next += Long.BYTES;
    return value;
  }

  /** A length in four bytes, then that many, shared and not copied. */
  Bytes sized() {
    return raw(fourBytes());
  }

  /** That many bytes, shared and not copied. */
  Bytes raw(int length) {
    need(length);
    Bytes range = Bytes.wrap(body.array(), body.offset() + next, length);
    next += length;
    return range;
  }

  void end() {
    MalformedInput.unless(next == body.length(), "body is longer than it says");
  }

  private void need(int count) {
    boolean there = count >= 0 && count <= body.length() - next;
    MalformedInput.unless(there, "body is shorter than it says");
  }
}
