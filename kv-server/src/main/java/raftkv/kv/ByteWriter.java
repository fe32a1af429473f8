package raftkv.kv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import raftkv.raft.Bytes;
import raftkv.raft.Check;

/** Writes a body, big-endian, into an array of known size. */
final class ByteWriter {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] array;
  private int next;

  ByteWriter(int sizeBytes) {
    array = new byte[sizeBytes];
  }

  ByteWriter oneByte(int value) {
    array[next++] = (byte) value;
    return this;
  }

  ByteWriter fourBytes(int value) {
    INT.set(array, next, value);
    next += Integer.BYTES;
    return this;
  }

  ByteWriter eightBytes(long value) {
    LONG.set(array, next, value);
    next += Long.BYTES;
    return this;
  }

  /** Length in four bytes, then the bytes. */
  ByteWriter sized(Bytes bytes) {
    return fourBytes(bytes.length()).raw(bytes);
  }

  ByteWriter raw(Bytes bytes) {
    System.arraycopy(bytes.array(), bytes.offset(), array, next, bytes.length());
    next += bytes.length();
    return this;
  }

  Bytes bytes() {
    Check.that(next == array.length, "body filled exactly", next, array.length);
    return Bytes.wrap(array);
  }
}
