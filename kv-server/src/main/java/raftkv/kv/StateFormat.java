package raftkv.kv;

/**
 * The bytes of a captured state: items one behind the other, big-endian, in an order that depends
 * on nothing but the state, so that two replicas with equal states write equal bytes. Pieces of a
 * stream may be cut anywhere.
 *
 * <pre>
 *   an item:  4 length of what follows, 1 kind, the fields
 *
 *   head (1), first:
 *     1 format, 1              8 index of the last applied entry
 *     8 evictedThrough         8 number of entries      8 number of sessions
 *     4 + n limits (KvLimits)  16 cluster id            1 number of members
 *     for each, ascending:     1 node id, 16 incarnation, 1 if named by ADMIT else 0
 *   entry (2), by ascending key:
 *     4 + n key   1 kind of value   4 + n value   8 create index   8 mod index   8 version
 *   session (3), by ascending create index:
 *     4 + n client id   8 create index   8 evictedThrough at its opening   1 kind
 *     8 index of last use   8 floor   8 highest number   1 ring, 1 if not the single writes
 *     4 number of marks
 *   mark (4), behind its session, by ascending number:
 *     8 number   8 index   16 fingerprint   1 what (0 dropped, 1 stored, 2 sealed)
 *     4 + n answer, if stored
 * </pre>
 *
 * <p>The order of the rings is that of the indexes of last use, the order in which answers are
 * dropped is that of the marks' indexes: both are made anew from these.
 */
final class StateFormat {
  static final int FORMAT = 1;

  static final int HEAD = 1;
  static final int ENTRY = 2;
  static final int SESSION = 3;
  static final int MARK = 4;

  /** No item is longer: an entry of the longest key and value, or an answer with one. */
  static final int MAX_ITEM_BYTES = 2 << 20;

  /** A piece is about so long, unless one item alone is longer. */
  static final int PIECE_BYTES = 64 << 10;

  private StateFormat() {}
}
