package raftkv.storage.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import raftkv.port.Disk;
import raftkv.port.DiskFile;
import raftkv.port.StateHash;
import raftkv.raft.Bytes;
import raftkv.raft.Check;
import raftkv.raft.SnapshotMeta;

/**
 * A snapshot file under an unfinished name. What is written is forced in portions, so that a force
 * of the log, which goes to the same device, never waits behind all of it.
 */
final class SnapshotOutput implements AutoCloseable {
  private static final int PORTION_BYTES = 2 << 20;

  private final DiskFile file;
  private final CRC32C whole = new CRC32C();
  private long offset;
  private long forced;
  private int chunks;
  private long stateBytes;

  /** Creates the file; one that a crash has left is deleted. */
  SnapshotOutput(Disk disk, String name) throws IOException {
    if (disk.exists(name)) {
      disk.delete(name);
    }
    file = disk.create(name);
  }

  void header(SnapshotMeta meta) throws IOException {
    raw(Bytes.wrap(SnapshotHeader.encode(meta)));
  }

  void chunk(Bytes state) throws IOException {
    Check.that(state.length() <= Chunk.MAX_BYTES, "a piece of state fits into a chunk");
    if (state.length() == 0) {
      return;
    }
    ByteBuffer head = Chunk.head(++chunks, state);
    whole.update(head.duplicate());
    whole.update(state.array(), state.offset(), state.length());
    stateBytes += state.length();
    write(head, ByteBuffer.wrap(state.array(), state.offset(), state.length()));
  }

  void footer(StateHash hash) throws IOException {
    SnapshotFooter footer =
        new SnapshotFooter(chunks, (int) whole.getValue(), stateBytes, hash, offset);
    write(ByteBuffer.wrap(footer.encode()));
  }

  /** Bytes as they come from a peer. */
  void raw(Bytes bytes) throws IOException {
    whole.update(bytes.array(), bytes.offset(), bytes.length());
    write(ByteBuffer.wrap(bytes.array(), bytes.offset(), bytes.length()));
  }

  void force() throws IOException {
    file.force();
    forced = offset;
  }

  long sizeBytes() {
    return offset;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void write(ByteBuffer... buffers) throws IOException {
    long length = 0;
    for (ByteBuffer buffer : buffers) {
      length += buffer.remaining();
    }
    file.write(buffers, offset);
    offset += length;
    if (offset - forced >= PORTION_BYTES) {
      force();
    }
  }
}
