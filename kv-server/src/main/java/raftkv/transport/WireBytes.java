package raftkv.transport;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;
import raftkv.raft.ClusterId;
import raftkv.raft.Incarnation;

/**
 * Bytes on their way into and out of messages. Both directions share the array: {@link Bytes} never
 * change once made, and a received message is parsed in place ({@link PeerMethods}).
 */
final class WireBytes {
  private static final int ID_BYTES = 16;

  private WireBytes() {}

  static ByteString wrap(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.array(), bytes.offset(), bytes.length());
  }

  /** The same bytes, uncopied if the string is one piece, which those of our parser are. */
  static Bytes unwrap(ByteString string) {
    if (string.isEmpty()) {
      return Bytes.EMPTY;
    }
    Capture capture = new Capture();
    try {
      UnsafeByteOperations.unsafeWriteTo(string, capture);
    } catch (IOException impossible) {
      throw new IllegalStateException("memory cannot fail to be read", impossible);
    }
    Bytes whole = capture.whole;
    return whole != null ? whole : Bytes.wrap(string.toByteArray());
  }

  static ByteString of(long high, long low) {
    byte[] array = new byte[ID_BYTES];
    ByteBuffer.wrap(array).putLong(high).putLong(low);
    return UnsafeByteOperations.unsafeWrap(array);
  }

  static ByteString ofClusterId(@Nullable ClusterId id) {
    return id == null ? ByteString.EMPTY : of(id.high(), id.low());
  }

  static ByteString ofIncarnation(Incarnation incarnation) {
    return incarnation.isNone() ? ByteString.EMPTY : of(incarnation.high(), incarnation.low());
  }

  /** Sixteen bytes as two numbers. */
  static long[] id(ByteString string, String field) {
    BadPeerMessage.unless(string.size() == ID_BYTES, field + " is not of 16 bytes");
    ByteBuffer buffer = string.asReadOnlyByteBuffer();
    return new long[] {buffer.getLong(), buffer.getLong()};
  }

  static @Nullable ClusterId clusterId(ByteString string) {
    if (string.isEmpty()) {
      return null;
    }
    long[] id = id(string, "cluster_id");
    return new ClusterId(id[0], id[1]);
  }

  /** Takes hold of the array behind a string. */
  private static final class Capture extends ByteOutput {
    private @Nullable Bytes whole;
    private int pieces;

    @Override
    public void write(byte value) {
      pieces = 2;
      whole = null;
    }

    @Override
    public void write(byte[] value, int offset, int length) {
      writeLazy(value, offset, length);
    }

    @Override
    public void writeLazy(byte[] value, int offset, int length) {
      whole = ++pieces == 1 ? Bytes.wrap(value, offset, length) : null;
    }

    @Override
    public void write(ByteBuffer value) {
      pieces = 2;
      whole = null;
    }

    @Override
    public void writeLazy(ByteBuffer value) {
      write(value);
    }
  }
}
