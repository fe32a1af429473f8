package raftkv.port;

import java.util.function.Consumer;
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
   * Writes all of it in pieces of any size, in an order that depends on nothing but the state: what
   * a {@link StateReader} takes. Off the loop.
   */
  void writeTo(Consumer<Bytes> pieces);
}
