package raftkv.port;

import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;
import raftkv.raft.LogEntry;

/**
 * What the log drives. Deterministic: the same entries give the same state, answers and hash on
 * every node. Owned by the loop; every method is called there.
 */
public interface StateMachine {
  /**
   * Decodes a command with the applier's own decoder, before it is proposed.
   *
   * @return null if apply will understand it, else a sentence
   */
  @Nullable String refuse(Bytes command);

  /** Whether that command, which is not refused, makes the state smaller: taken on full disks. */
  boolean makesRoom(Bytes command);

  /**
   * About how many bytes the answer to that command, which is not refused, may have, judged by the
   * state as it is; 0 if it is small whatever happens.
   */
  int answerBytes(Bytes command);

  /**
   * Applies one committed entry of any kind, in index order without gaps.
   *
   * @return the answer for whoever proposed it: empty for entries that are no command
   */
  Bytes apply(LogEntry entry);

  /**
   * What the state holds as the answer to that command, which may have been applied before this
   * state was taken: for whoever proposed it and did not see it applied.
   *
   * @return null if the state cannot say
   */
  @Nullable Bytes answerTo(Bytes command);

  /** Index of the last applied entry, 0 before the first. */
  long appliedIndex();

  /** Hash of the state after the last applied entry. */
  StateHash hash();

  /**
   * The state as it is, in O(1) and for ever.
   *
   * @throws IllegalStateException before SETTINGS is applied: there is no roster yet
   */
  StateCapture captureState();

  /** Builds a state from what a capture wrote. Callable from any thread; so is what it returns. */
  StateReader reader();

  /**
   * Like {@link #reader()}, but computes the hash alone and keeps nothing, so that a snapshot can
   * be verified in a few kilobytes. Its image cannot be restored.
   */
  StateReader checker();

  /**
   * Takes the place of everything: the state is the image's from now on, at the image's index,
   * which may be lower than the one before (safety rule 7.1). In O(1).
   *
   * @param image made by a {@link #reader()} of the same kind of state machine; used up
   */
  void restore(StateImage image);

  /** About how much of the heap the state takes, in bytes; not what captures hold besides. */
  long heapBytes();

  /** The state's size in a few words for the log, such as "1,204 keys". */
  String summary();
}
