package raftkv.kv;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;

/**
 * Exactly once (safety rules 4.1 to 4.7): who asked for what, and the first answer to it. A part of
 * the replicated state, changed by committed entries alone and evicted in log order. Owned by the
 * loop.
 */
final class Sessions {
  /** Session, seat, client id and places in table and ring. */
  private static final long SESSION_HEAP_BYTES = 400;

  private final HashSum hash;

  /** For look-up only: iteration goes over the rings. */
  private final Map<Bytes, SessionSeat> byClient = new HashMap<>();

  private final SessionTable table;

  private final SessionRing singleWrite = new SessionRing();
  private final SessionRing others = new SessionRing();
  private final AnswerBudget answers = new AnswerBudget();

  private KvLimits limits = KvLimits.DEFAULTS;

  /** Marks of all sessions: with an answer, without, and seals. */
  private long marks;

  /** The highest creation index of any evicted session, 0 if none was. */
  private long evictedThrough;

  /** With the sum to keep up to date. */
  Sessions(HashSum hash) {
    this(hash, new SessionTable(), 0);
  }

  /** With sessions that are in the table and in the sum, and are still to be admitted. */
  Sessions(HashSum hash, SessionTable table, long evictedThrough) {
    this.hash = hash;
    this.table = table;
    this.evictedThrough = evictedThrough;
  }

  /** Takes in a session read from a snapshot, in order of last use; false if its client has one. */
  boolean admit(SessionSeat seat) {
    marks += seat.session.marks.size();
    ringOf(seat.session).add(seat);
    return byClient.put(seat.clientId, seat) == null;
  }

  /** Takes in a stored answer of an admitted session, in log order. */
  void admitAnswer(Mark mark) {
    answers.add(mark);
  }

  /** Takes limits of SETTINGS; what exceeds them goes at the next use. */
  void limit(KvLimits agreed) {
    limits = agreed;
  }

  int count() {
    return singleWrite.size() + others.size();
  }

  long evictedThrough() {
    return evictedThrough;
  }

  /** About what they take of the heap: themselves, their marks, and the answers they keep. */
  long heapBytes() {
    return (long) count() * SESSION_HEAP_BYTES + marks * Mark.HEAP_BYTES + answers.heapBytes();
  }

  long storedAnswerBytes() {
    return answers.bytes();
  }

  /**
   * Runs the operation if the request is new, and stores its result; else says what became of it.
   *
   * @param print fingerprint of the operation alone
   * @param operation gives a {@link KvAnswer.Result}, or a refusal, which is not stored
   */
  Bytes answer(RequestIdentity request, ItemHash print, long index, Supplier<KvAnswer> operation) {
    SessionSeat seat = use(request, index);
    if (seat == null) {
      return AnswerCodec.encode(new KvAnswer.SessionExpired(index));
    }
    Bytes answer = answerIn(seat, request, print, index, operation);
    hash.add(seat.session.hash());
    keepWithinBudget();
    return answer;
  }

  /** Seals the number unless it was answered (safety rule 4.6). */
  Bytes cancel(RequestIdentity request, long index) {
    SessionSeat seat = use(request, index);
    if (seat == null) {
      return outcome(RequestOutcome.of(RequestOutcome.Kind.EXPIRED));
    }
    Bytes answer = sealIn(seat, request, index);
    hash.add(seat.session.hash());
    return answer;
  }

  /**
   * What is known of a request.
   *
   * @param nextIndex above all applied indexes
   */
  RequestOutcome outcome(OutcomeQuery query, long nextIndex) {
    SessionSeat seat = byClient.get(query.clientId());
    Session session = seat == null ? null : seat.session;
    boolean forgotten =
        session == null
            ? mayBeEvicted(query.sessionStart(), nextIndex)
            : session.mayPrecede(query.sessionStart());
    if (forgotten) {
      return RequestOutcome.of(RequestOutcome.Kind.EXPIRED);
    }
    if (session == null) {
      return RequestOutcome.of(RequestOutcome.Kind.NOT_YET_APPLIED);
    }
    Mark mark = session.marks.find(query.seqNum());
    if (mark != null) {
      return mark.outcome();
    }
    return RequestOutcome.of(
        query.seqNum() <= session.floor
            ? RequestOutcome.Kind.EXPIRED
            : RequestOutcome.Kind.NOT_YET_APPLIED);
  }

  /**
   * What a copy of the request would get, if the state has it; changes nothing.
   *
   * @param print fingerprint of the operation alone
   * @return null without a mark of that number: nobody can say
   */
  @Nullable Bytes answerTo(@Nullable RequestIdentity request, ItemHash print) {
    SessionSeat seat = request == null ? null : byClient.get(request.clientId());
    if (request == null || seat == null || seat.session.mayPrecede(request.sessionStart())) {
      return null;
    }
    Mark mark = seat.session.marks.find(request.seqNum());
    return mark == null ? null : mark.answerTo(print);
  }

  /** What is stored of the answer to that request, in bytes. */
  int storedBytes(@Nullable RequestIdentity request) {
    SessionSeat seat = request == null ? null : byClient.get(request.clientId());
    Mark mark = request == null || seat == null ? null : seat.session.marks.find(request.seqNum());
    return mark == null ? 0 : mark.answerBytes();
  }

  /** All sessions as they are now, in O(1); never changes, readable by any thread. */
  SessionTable.View capture() {
    return table.capture();
  }

  /** Adds everything here, computed from scratch. */
  void addTo(HashSum sum) {
    addTo(sum, singleWrite);
    addTo(sum, others);
    if (evictedThrough > 0) {
      sum.add(evictedThroughHash());
    }
  }

  private static void addTo(HashSum sum, SessionRing ring) {
    for (SessionSeat seat = ring.oldest(); seat != null; seat = seat.behind) {
      Session session = seat.session;
      sum.add(session.hash());
      for (int i = 0; i < session.marks.size(); i++) {
        sum.add(session.marks.at(i).hash());
      }
    }
  }

  private Bytes answerIn(
      SessionSeat seat,
      RequestIdentity request,
      ItemHash print,
      long index,
      Supplier<KvAnswer> operation) {
    Session session = seat.session;
    if (!session.accepts(request)) {
      return AnswerCodec.encode(new KvAnswer.WrongSessionKind(session.kind));
    }
    raiseFloor(session, request.ackSeq());
    Mark mark = session.marks.find(request.seqNum());
    if (mark != null) {
      return mark.answerTo(print);
    }
    KvAnswer.Refusal refusal = session.refusalOf(request.seqNum(), limits.sessionWindow());
    if (refusal != null) {
      return AnswerCodec.encode(refusal);
    }
    KvAnswer result = operation.get();
    Bytes answer = AnswerCodec.encode(result);
    if (result instanceof KvAnswer.Result) {
      Mark answered = Mark.answered(seat, request, index, print, answer);
      answers.add(answered);
      add(seat, answered);
    }
    return answer;
  }

  private Bytes sealIn(SessionSeat seat, RequestIdentity request, long index) {
    Session session = seat.session;
    if (request.isWindowed() && !session.accepts(request)) {
      return AnswerCodec.encode(new KvAnswer.WrongSessionKind(session.kind));
    }
    raiseFloor(session, request.ackSeq());
    Mark mark = session.marks.find(request.seqNum());
    if (mark != null) {
      return outcome(mark.outcome());
    }
    if (request.seqNum() <= session.floor) {
      return outcome(RequestOutcome.of(RequestOutcome.Kind.EXPIRED));
    }
    if (session.isAhead(request.seqNum(), limits.sessionWindow())) {
      return AnswerCodec.encode(new KvAnswer.SeqNumAhead(session.floor, limits.sessionWindow()));
    }
    // A gap of a simple session is sealed too: above the floor, no mark means never applied.
    add(seat, Mark.sealed(seat, request, index));
    return outcome(RequestOutcome.of(RequestOutcome.Kind.NOT_APPLIED));
  }

  /** Before anything else, and whatever becomes of the request (safety rule 4.2). */
  private void raiseFloor(Session session, long ackSeq) {
    session.floor = Math.max(session.floor, ackSeq);
    forgetMarks(session);
  }

  private void add(SessionSeat seat, Mark mark) {
    Session session = seat.session;
    boolean wasLongLived = session.longLived;
    session.add(mark);
    marks++;
    hash.add(mark.hash());
    forgetMarks(session);
    if (session.longLived != wasLongLived) {
      singleWrite.remove(seat);
      others.add(seat);
    }
  }

  private void forgetMarks(Session session) {
    while (session.hasMarkToForget(limits.sessionWindow())) {
      forget(session.forgetFirst());
      marks--;
    }
  }

  private void forget(Mark mark) {
    hash.subtract(mark.hash());
    answers.remove(mark);
  }

  /** Drops the oldest answers, never marks (safety rule 4.3). */
  private void keepWithinBudget() {
    while (answers.bytes() > limits.maxStoredAnswerBytes()) {
      Mark oldest = answers.oldest();
      if (oldest == null) {
        return;
      }
      forget(oldest);
      Mark rest = oldest.withoutAnswer();
      owned(oldest.seat).marks.replace(rest);
      hash.add(rest.hash());
    }
  }

  /**
   * Finds or opens the session and makes it the last used; null if it may have been evicted. Its
   * share is not in the sum: whoever has changed it adds that.
   */
  private @Nullable SessionSeat use(RequestIdentity request, long index) {
    SessionSeat seat = byClient.get(request.clientId());
    if (seat == null) {
      return mayBeEvicted(request.sessionStart(), index) ? null : open(request, index);
    }
    if (seat.session.mayPrecede(request.sessionStart())) {
      return null;
    }
    Session session = owned(seat);
    hash.subtract(session.hash());
    ringOf(session).remove(seat);
    session.lastUsedIndex = index;
    ringOf(session).add(seat);
    return seat;
  }

  /** The session at that seat, copied if a capture has it. */
  private Session owned(SessionSeat seat) {
    Session session = seat.session;
    if (!session.isOwnedBy(table.epoch())) {
      session = session.copyFor(table.epoch());
      seat.session = session;
      table.replace(seat.place, session);
    }
    return session;
  }

  /** An evicted session must never be taken for a new one (safety rule 4.4). */
  private boolean mayBeEvicted(long sessionStart, long index) {
    boolean younger = sessionStart > evictedThrough && sessionStart < index;
    return evictedThrough > 0 && !younger;
  }

  private SessionSeat open(RequestIdentity request, long index) {
    Bytes clientId = Bytes.wrap(request.clientId().toByteArray());
    Session session =
        Session.open(new Session.Opening(clientId, index, evictedThrough), table.epoch());
    SessionSeat seat = new SessionSeat(session, table.add(session));
    byClient.put(clientId, seat);
    singleWrite.add(seat);
    while (count() > limits.maxSessions()) {
      evictOne();
    }
    return seat;
  }

  /** From the ring above its share, the single writes first; the newest is never the oldest. */
  private void evictOne() {
    boolean above = singleWrite.size() > Math.max(1, limits.maxSessions() / 4);
    SessionRing ring = above ? singleWrite : others;
    SessionSeat seat = ring.oldest();
    if (seat == null) {
      throw new IllegalStateException("no session to evict");
    }
    Session victim = seat.session;
    ring.remove(seat);
    byClient.remove(seat.clientId);
    table.remove(seat.place);
    hash.subtract(victim.hash());
    for (int i = 0; i < victim.marks.size(); i++) {
      forget(victim.marks.at(i));
    }
    marks -= victim.marks.size();
    if (evictedThrough > 0) {
      hash.subtract(evictedThroughHash());
    }
    evictedThrough = Math.max(evictedThrough, victim.createIndex);
    hash.add(evictedThroughHash());
  }

  private ItemHash evictedThroughHash() {
    return hashOfEvictedThrough(evictedThrough);
  }

  /** The share of the state hash of evictions, once there was one. */
  static ItemHash hashOfEvictedThrough(long evictedThrough) {
    return new ItemHash(ItemHash.EVICTED_THROUGH).number(evictedThrough);
  }

  private SessionRing ringOf(Session session) {
    return session.longLived ? others : singleWrite;
  }

  private static Bytes outcome(RequestOutcome outcome) {
    return AnswerCodec.encode(new KvAnswer.OutcomeKnown(outcome));
  }
}
