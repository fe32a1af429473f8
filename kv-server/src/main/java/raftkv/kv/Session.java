package raftkv.kv;

import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;
import raftkv.raft.Check;

/**
 * What is remembered of one client: the rules of safety 4.2 for one session. Owned by {@link
 * Sessions}, which keeps the hash, the rings and the budget of answers. Belongs to an epoch of the
 * {@link SessionTable}: after a capture it never changes again, a copy takes its place.
 *
 * <p>In every kind of session, a number above the floor without a mark was never answered: marks go
 * only when the floor rises over them.
 */
final class Session {
  final Bytes clientId;

  /** Log index of the entry that opened it; no two sessions have the same. */
  final long createIndex;

  /**
   * {@code evictedThrough} when it was opened. Whoever cannot prove to be younger may be speaking
   * for an evicted session of the same client id.
   */
  final long openedAbove;

  final MarkList marks;

  SessionKind kind = SessionKind.UNDECIDED;
  long lastUsedIndex;

  /** All numbers up to this are forgotten. */
  long floor;

  /** The highest number answered or sealed, 0 if none. */
  long highest;

  /** Whether it has answered more than one number: which of the two rings it is in. */
  boolean longLived;

  private final long epoch;

  /** What does not change while a session lives. */
  record Opening(Bytes clientId, long createIndex, long openedAbove) {}

  private Session(Opening opening, long epoch, MarkList marks) {
    this.clientId = opening.clientId;
    this.createIndex = opening.createIndex;
    this.openedAbove = opening.openedAbove;
    this.epoch = epoch;
    this.marks = marks;
    this.lastUsedIndex = createIndex;
  }

  /** A new session that belongs to that epoch. */
  static Session open(Opening opening, long epoch) {
    return new Session(opening, epoch, new MarkList());
  }

  /**
   * Reads a session of a captured state ({@link StateFormat}), up to its number of marks.
   *
   * @throws MalformedInput if it makes no sense
   */
  static Session read(ByteReader reader, StateHead head) {
    Bytes clientId = Bytes.wrap(reader.sized().toByteArray());
    MalformedInput.unlessSized(clientId, RequestIdentity.MAX_CLIENT_ID_BYTES, "client_id");
    Opening opening = new Opening(clientId, reader.eightBytes(), reader.eightBytes());
    Session session = open(opening, SessionTable.FIRST_EPOCH);
    session.kind = SessionKind.ofCode(reader.oneByte());
    session.lastUsedIndex = reader.eightBytes();
    session.floor = reader.eightBytes();
    session.highest = reader.eightBytes();
    session.longLived = reader.flag("ring");
    boolean lived =
        1 <= opening.createIndex
            && opening.createIndex <= session.lastUsedIndex
            && session.lastUsedIndex <= head.index();
    MalformedInput.unless(lived, "a session was not opened and used before the state's index");
    boolean above = 0 <= opening.openedAbove && opening.openedAbove < opening.createIndex;
    MalformedInput.unless(above, "a session was opened above what came later");
    MalformedInput.unless(session.floor >= 0 && session.highest >= 0, "numbers are negative");
    return session;
  }

  boolean isOwnedBy(long currentEpoch) {
    return epoch == currentEpoch;
  }

  /** The same for another epoch. Marks never change, so they are shared. */
  Session copyFor(long currentEpoch) {
    Opening opening = new Opening(clientId, createIndex, openedAbove);
    Session copy = new Session(opening, currentEpoch, marks.copy());
    copy.kind = kind;
    copy.lastUsedIndex = lastUsedIndex;
    copy.floor = floor;
    copy.highest = highest;
    copy.longLived = longLived;
    return copy;
  }

  /** Whether a request with that proof may be older than this session. */
  boolean mayPrecede(long sessionStart) {
    return openedAbove > 0 && sessionStart <= openedAbove;
  }

  /** Fixes the kind of an undecided session; false if it is of the other kind. */
  boolean accepts(RequestIdentity request) {
    SessionKind asked = request.isWindowed() ? SessionKind.WINDOWED : SessionKind.SIMPLE;
    if (kind == SessionKind.UNDECIDED) {
      kind = asked;
    }
    return kind == asked;
  }

  /** Why a number without a mark cannot be new, or null if it is new. */
  KvAnswer.@Nullable Refusal refusalOf(long seqNum, int window) {
    if (isAhead(seqNum, window)) {
      return new KvAnswer.SeqNumAhead(floor, window);
    }
    boolean passed = kind == SessionKind.SIMPLE && seqNum <= highest;
    return passed || seqNum <= floor ? new KvAnswer.SeqNumTooOld(highest, floor) : null;
  }

  /** Whether the number is above the window of a windowed session. */
  boolean isAhead(long seqNum, int window) {
    return kind == SessionKind.WINDOWED && seqNum > floor && seqNum - floor > window;
  }

  /** Takes a new mark. */
  void add(Mark mark) {
    Check.that(mark.seqNum > floor, "marks are above the floor", mark.seqNum, floor);
    marks.add(mark);
    longLived |= highest > 0;
    highest = Math.max(highest, mark.seqNum);
  }

  /** Whether the first mark has to go: at or below the floor, or more than are kept. */
  boolean hasMarkToForget(int window) {
    if (marks.size() == 0) {
      return false;
    }
    boolean tooMany = kind != SessionKind.WINDOWED && marks.size() > window;
    return tooMany || marks.at(0).seqNum <= floor;
  }

  /** Removes the first mark; all numbers up to it are forgotten. */
  Mark forgetFirst() {
    Mark mark = marks.removeFirst();
    floor = Math.max(floor, mark.seqNum);
    return mark;
  }

  /** The share of the state hash of everything but the marks. */
  ItemHash hash() {
    return new ItemHash(ItemHash.SESSION)
        .bytes(clientId)
        .number(createIndex)
        .number(openedAbove)
        .number(kind.code())
        .number(lastUsedIndex)
        .number(floor)
        .number(highest)
        .number(longLived ? 1 : 0);
  }
}
