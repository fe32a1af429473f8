package raftkv.port;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;

/**
 * The node's snapshots on disk. Files are named by term and index; the own state never replaces one
 * that is there, a peer's does when a replica is healed. The newest and the one before it are kept.
 * Finding the newest valid one at start is the adapter's own matter. All methods are called on the
 * loop and never block: the work is done on a worker.
 *
 * <p>What is reported here has been forced, renamed, and its name forced (hazard 70).
 */
public interface SnapshotStore {
  /** The newest one, or null if there is none. */
  @Nullable SnapshotFile newest();

  /**
   * Writes a snapshot, reads it back, and compares the hash before the file gets its name. One at a
   * time.
   *
   * @param term of the entry at the captured index
   * @param done called exactly once, on any thread
   */
  void save(StateCapture capture, long term, Consumer<Saved> done);

  /** What is being saved is needed soon: without pauses from now on, until it is done. */
  void hurry();

  /**
   * Opens a snapshot for sending. It is not deleted before the source is closed, unless a peer's
   * takes its place: then the source may end early.
   */
  SnapshotSource open(SnapshotFile file);

  /** Begins to take a snapshot from a peer. One at a time: an unfinished one is abandoned. */
  Incoming receive(SnapshotFile offered);

  /** What became of {@link #save}. */
  sealed interface Saved {
    /** It is durable. */
    record Durable(SnapshotFile file) implements Saved {}

    /** There was no room: a state, not an error. Nothing is left behind. */
    record NoRoom() implements Saved {}

    /** What was written is not what the state machine holds: this replica cannot be trusted. */
    record Differs(StateHash expected, StateHash written) implements Saved {}

    /** A write or force failed: the node ends. */
    record Failed(StorageFailure failure) implements Saved {}
  }

  /** A snapshot that is being taken from a peer, in pieces as they come. */
  interface Incoming {
    /** Takes the next piece of the file; {@code next} runs, on any thread, when it is written. */
    void take(Bytes piece, Runnable next);

    /** All pieces are there: the file is verified, forced and named. */
    void finish(Consumer<Received> done);

    /** It will not be finished; what was written is deleted. */
    void abandon();
  }

  /** What became of an {@link Incoming} snapshot. */
  sealed interface Received {
    /** It is durable, and this is the state in it. */
    record Durable(SnapshotFile file, StateImage image) implements Received {}

    /** It is not what was offered, or damaged, or there is no room: nothing is left behind. */
    record Refused(String reason) implements Received {}

    /**
     * A write or force failed, or a snapshot that a start would take instead could not be deleted:
     * the node ends, and the fence stays.
     */
    record Failed(StorageFailure failure) implements Received {}
  }
}
