package raftkv.port;

import java.util.function.Consumer;
import raftkv.raft.Bytes;

/** Where a transport brings a peer's snapshot, piece by piece. Callable from any thread. */
public interface SnapshotSink {
  /** Takes the next piece; {@code next} runs, on any thread, when another may come. */
  void take(Bytes piece, Runnable next);

  /**
   * All pieces were given, the last of which may still be under way; tells whether the snapshot was
   * delivered, for the sender.
   */
  void finish(Consumer<Boolean> delivered);

  /** The stream ended before all pieces were there. */
  void abandon();
}
