package raftkv.kv;

import raftkv.raft.Bytes;

/** What is told of a captured state while it is read: for people who look into a snapshot. */
public interface StateListener {
  /** A key and what is stored under it. */
  void entry(KvEntry entry);

  /** A session; its marks follow. */
  void session(SessionFacts session);

  /** One number of the session before. */
  void mark(MarkFacts mark);

  /**
   * A session.
   *
   * @param floor all numbers up to this are forgotten
   * @param highest the highest number answered or sealed
   */
  record SessionFacts(
      Bytes clientId,
      SessionKind kind,
      long createIndex,
      long lastUsedIndex,
      long floor,
      long highest) {}

  /**
   * A number of a session.
   *
   * @param index of the entry that answered or sealed it
   * @param what "stored" with its answer, "dropped" without, or "sealed"
   */
  record MarkFacts(long seqNum, long index, String what) {}
}
