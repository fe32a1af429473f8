package raftkv.kv;

import org.jspecify.annotations.Nullable;
import raftkv.port.StateHash;
import raftkv.port.StateImage;
import raftkv.raft.Roster;

/**
 * A state read from a snapshot.
 *
 * @param parts what a machine goes on with; null if the state was only checked
 */
record KvImage(long index, StateHash hash, Roster roster, KvLimits limits, @Nullable Parts parts)
    implements StateImage {
  /** Entries and sessions with the sum that they keep. Handed over to one machine. */
  record Parts(KvStore store, Sessions sessions, HashSum sum) {}
}
