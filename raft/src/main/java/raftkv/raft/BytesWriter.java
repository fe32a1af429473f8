package raftkv.raft;

/** Writes the few binary bodies of the core, big-endian, into an array of known size. */
final class BytesWriter {
  private final byte[] array;
  private int next;

  BytesWriter(int sizeBytes) {
    array = new byte[sizeBytes];
  }

  BytesWriter oneByte(int value) {
    array[next++] = (byte) value;
    return this;
  }

  BytesWriter eightBytes(long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      array[next++] = (byte) (value >>> shift);
    }
    return this;
  }

  BytesWriter raw(Bytes bytes) {
    System.arraycopy(bytes.array(), bytes.offset(), array, next, bytes.length());
    next += bytes.length();
    return this;
  }

  Bytes bytes() {
    Check.that(next == array.length, "body filled exactly", next, array.length);
    return Bytes.wrap(array);
  }
}
