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

  /**
   * Applies one committed entry of any kind, in index order without gaps.
   *
   * @return the answer for whoever proposed it: empty for entries that are no command
   */
  Bytes apply(LogEntry entry);

  /** Index of the last applied entry, 0 before the first. */
  long appliedIndex();

  /** Hash of the state after the last applied entry. */
  StateHash hash();

  /** The state's size in a few words for the log, such as "1,204 keys". */
  default String summary() {
    return "applied " + appliedIndex();
  }
}
