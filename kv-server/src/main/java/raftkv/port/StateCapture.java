package raftkv.port;

import java.util.Iterator;
import raftkv.raft.Bytes;
import raftkv.raft.Roster;

/**
 * The replicated state as it was after one entry. Made in O(1) on the loop; never changes, and may
 * be read by another thread while the state machine goes on.
 */
public interface StateCapture {
  /** Index of the last entry that is in it. */
  long index();

  /** Hash of the state, kept incrementally by the state machine. */
  StateHash hash();

  /** Whom the log up to there names. */
  Roster roster();

  /**
   * All of it in pieces of about 64 KiB, made as they are asked for, in an order and form that
   * depend on nothing but the state: what a {@link StateReader} takes. Off the loop.
   */
  Iterator<Bytes> pieces();
}
