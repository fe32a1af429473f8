package raftkv.kv;

import java.util.Iterator;
import raftkv.port.StateCapture;
import raftkv.port.StateHash;
import raftkv.raft.Bytes;
import raftkv.raft.Roster;

/**
 * The whole replicated state at one moment. Never changes; for any thread.
 *
 * @param evictedThrough highest creation index of any evicted session, 0 if none was
 */
record KvCapture(
    long index,
    StateHash hash,
    Roster roster,
    KvLimits limits,
    long evictedThrough,
    KvView entries,
    SessionTable.View sessions)
    implements StateCapture {
  @Override
  public Iterator<Bytes> pieces() {
    return new StateWriter(this);
  }
}
