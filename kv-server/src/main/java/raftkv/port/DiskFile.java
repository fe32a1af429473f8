package raftkv.port;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link Disk}, used by one thread at a time. */
public interface DiskFile extends AutoCloseable {
  /**
   * Writes everything that remains in the buffers, one behind the other, from that offset on; the
   * file grows if it must. Returns only when every byte is handed to the disk (a short write is
   * continued, hazard 86). Not durable before {@link #force}.
   */
  void write(ByteBuffer[] buffers, long offset) throws IOException;

  /**
   * Reads from that offset until the buffer is full or the file ends.
   *
   * @return how many bytes were read; 0 at or behind the end of the file
   */
  int read(ByteBuffer target, long offset) throws IOException;

  /** Makes everything written so far durable, with the size, but not the name. */
  void force() throws IOException;

  /** The file's size. */
  long sizeBytes() throws IOException;

  /** Closes the file; forces nothing. */
  @Override
  void close() throws IOException;
}
