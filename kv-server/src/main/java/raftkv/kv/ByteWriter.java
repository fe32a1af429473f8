package raftkv.kv;

import raftkv.raft.Bytes;
import raftkv.raft.Check;

/** Writes a body, big-endian, into an array of known size. */
final class ByteWriter {
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
    return oneByte(value >>> 24).oneByte(value >>> 16).oneByte(value >>> 8).oneByte(value);
  }

  ByteWriter eightBytes(long value) {
    return fourBytes((int) (value >>> 32)).fourBytes((int) value);
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
