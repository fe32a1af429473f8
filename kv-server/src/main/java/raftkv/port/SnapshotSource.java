package raftkv.port;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;

/** A stored snapshot that is open for sending, with everything read on the store's worker. */
public interface SnapshotSource {
  /**
   * Reads a piece of the file.
   *
   * @param piece called once, on any thread: the bytes, empty behind the end; or null if the file
   *     can no longer be read as it was written, and must not be sent
   */
  void read(long offset, int maxBytes, Consumer<@Nullable Bytes> piece);

  /** It is not needed any more. */
  void close();
}
