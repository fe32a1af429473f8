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
  private final HashSum hash;

  /** For look-up only: iteration goes over the rings. */
  private final Map<Bytes, Session> byClient = new HashMap<>();

  private final SessionRing singleWrite = new SessionRing();
  private final SessionRing others = new SessionRing();
  private final AnswerBudget answers = new AnswerBudget();

  private KvLimits limits = KvLimits.DEFAULTS;

  /** The highest creation index of any evicted session, 0 if none was. */
  private long evictedThrough;

  /** With the sum to keep up to date. */
  Sessions(HashSum hash) {
    this.hash = hash;
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
    Session session = use(request, index);
    if (session == null) {
      return AnswerCodec.encode(new KvAnswer.SessionExpired(index));
    }
    hash.subtract(session.hash());
    Bytes answer = answerIn(session, request, print, index, operation);
    hash.add(session.hash());
    keepWithinBudget();
    return answer;
  }

  /** Seals the number unless it was answered (safety rule 4.6). */
  Bytes cancel(RequestIdentity request, long index) {
    Session session = use(request, index);
    if (session == null) {
      return outcome(RequestOutcome.of(RequestOutcome.Kind.EXPIRED));
    }
    hash.subtract(session.hash());
    Bytes answer = sealIn(session, request, index);
    hash.add(session.hash());
    return answer;
  }

  /**
   * What is known of a request.
   *
   * @param nextIndex above all applied indexes
   */
  RequestOutcome outcome(OutcomeQuery query, long nextIndex) {
    Session session = byClient.get(query.clientId());
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

  /** Adds everything here, computed from scratch. */
  void addTo(HashSum sum) {
    addTo(sum, singleWrite);
    addTo(sum, others);
    if (evictedThrough > 0) {
      sum.add(evictedThroughHash());
    }
  }

  private static void addTo(HashSum sum, SessionRing ring) {
    for (Session session = ring.oldest(); session != null; session = session.behind) {
      sum.add(session.hash());
      for (int i = 0; i < session.marks.size(); i++) {
        sum.add(session.marks.at(i).hash());
      }
    }
  }

  private Bytes answerIn(
      Session session,
      RequestIdentity request,
      ItemHash print,
      long index,
      Supplier<KvAnswer> operation) {
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
      Mark answered = Mark.answered(session, request, index, print, answer);
      answers.add(answered);
      add(session, answered);
    }
    return answer;
  }

  private Bytes sealIn(Session session, RequestIdentity request, long index) {
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
    add(session, Mark.sealed(session, request, index));
    return outcome(RequestOutcome.of(RequestOutcome.Kind.NOT_APPLIED));
  }

  /** Before anything else, and whatever becomes of the request (safety rule 4.2). */
  private void raiseFloor(Session session, long ackSeq) {
    session.floor = Math.max(session.floor, ackSeq);
    forgetMarks(session);
  }

  private void add(Session session, Mark mark) {
    boolean wasLongLived = session.longLived;
    session.add(mark);
    hash.add(mark.hash());
    forgetMarks(session);
    if (session.longLived != wasLongLived) {
      singleWrite.remove(session);
      others.add(session);
    }
  }

  private void forgetMarks(Session session) {
    while (session.hasMarkToForget(limits.sessionWindow())) {
      forget(session.forgetFirst());
    }
  }

  private void forget(Mark mark) {
    hash.subtract(mark.hash());
    answers.forget(mark);
  }

  /** Drops the oldest answers, never marks (safety rule 4.3). */
  private void keepWithinBudget() {
    while (answers.bytes() > limits.maxStoredAnswerBytes()) {
      Mark oldest = answers.oldest();
      if (oldest == null) {
        return;
      }
      hash.subtract(oldest.hash());
      answers.forget(oldest);
      hash.add(oldest.hash());
    }
  }

  /** Finds or opens the session and makes it the last used; null if it may have been evicted. */
  private @Nullable Session use(RequestIdentity request, long index) {
    Session session = byClient.get(request.clientId());
    if (session == null) {
      return mayBeEvicted(request.sessionStart(), index) ? null : open(request, index);
    }
    if (session.mayPrecede(request.sessionStart())) {
      return null;
    }
    hash.subtract(session.hash());
    ringOf(session).remove(session);
    session.lastUsedIndex = index;
    ringOf(session).add(session);
    hash.add(session.hash());
    return session;
  }

  /** An evicted session must never be taken for a new one (safety rule 4.4). */
  private boolean mayBeEvicted(long sessionStart, long index) {
    boolean younger = sessionStart > evictedThrough && sessionStart < index;
    return evictedThrough > 0 && !younger;
  }

  private Session open(RequestIdentity request, long index) {
    Bytes clientId = Bytes.wrap(request.clientId().toByteArray());
    Session session = new Session(clientId, index, evictedThrough);
    byClient.put(clientId, session);
    singleWrite.add(session);
    hash.add(session.hash());
    while (count() > limits.maxSessions()) {
      evictOne();
    }
    return session;
  }

  /** From the ring above its share, the single writes first; the newest is never the oldest. */
  private void evictOne() {
    boolean above = singleWrite.size() > Math.max(1, limits.maxSessions() / 4);
    SessionRing ring = above ? singleWrite : others;
    Session victim = ring.oldest();
    if (victim == null) {
      throw new IllegalStateException("no session to evict");
    }
    ring.remove(victim);
    byClient.remove(victim.clientId);
    hash.subtract(victim.hash());
    while (victim.marks.size() > 0) {
      forget(victim.marks.removeFirst());
    }
    if (evictedThrough > 0) {
      hash.subtract(evictedThroughHash());
    }
    evictedThrough = Math.max(evictedThrough, victim.createIndex);
    hash.add(evictedThroughHash());
  }

  private ItemHash evictedThroughHash() {
    return new ItemHash(ItemHash.EVICTED_THROUGH).number(evictedThrough);
  }

  private SessionRing ringOf(Session session) {
    return session.longLived ? others : singleWrite;
  }

  private static Bytes outcome(RequestOutcome outcome) {
    return AnswerCodec.encode(new KvAnswer.OutcomeKnown(outcome));
  }
}
