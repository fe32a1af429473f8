package raftkv.client.session;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The life of one request: whom it is sent to, when again, and what may be said when it ends.
 *
 * <pre>
 *   state        input                        next
 *   sent         refused, can be elsewhere    send at once, as long as some endpoint is untried
 *   sent         refused, may be later        pausing
 *   sent         refused for good             finished, once other copies had time to answer
 *   sent         silent for 150 ms            ask; send again only where term or leader changed
 *   pausing      pause over                   sent
 *   any          deadline                     finished
 * </pre>
 *
 * <p>The rule on outcomes (safety 3.3): a refusal with NOT_APPLIED speaks of its own copy. The
 * request is NOT_APPLIED only if every other copy has ended with NOT_APPLIED too; one that is still
 * under way, or was left without a definite answer, makes it UNKNOWN.
 *
 * <p>Without an identity ({@link RequestKind#ONCE}) there are no second chances: after the first
 * copy whose outcome is unknown the request ends.
 *
 * <p>An answer ends the request whatever the other copies do; the driver then simply drops this
 * object. Not thread-safe: owned by the client's loop.
 */
public final class Attempts {
  private static final Step WAIT = new Step.Wait();

  /** New sessions for one request: more would mean that servers forget faster than we can ask. */
  private static final int MAX_SESSIONS = 3;

  private final RetryPolicy policy;
  private final LeaderMap leaders;
  private final RandomGenerator random;
  private final RequestKind kind;
  private final long deadlineNanos;

  /** Copies without an end, oldest first. */
  private final List<Copy> outstanding = new ArrayList<>();

  private int copies;
  private boolean unresolved;
  private @Nullable Copy newest;
  private @Nullable CopyFailure last;

  /** A refusal for good that waits for the last word of other copies. */
  private @Nullable CopyFailure refusal;

  /** Sent without a pause since the last one, and pauses made. */
  private int movesInRow;

  private int pauses;
  private int sessionsOpened;
  private long wakeNanos;
  private int asked = LeaderMap.NONE;

  /** With how often its endpoint had answered anything when it was sent. */
  private record Copy(int number, int endpoint, long term, long sentNanos, long answersBefore) {}

  /** A request that has not been sent. */
  public Attempts(
      RequestKind kind,
      RetryPolicy policy,
      LeaderMap leaders,
      RandomGenerator random,
      long deadlineNanos) {
    this.kind = kind;
    this.policy = policy;
    this.leaders = leaders;
    this.random = random;
    this.deadlineNanos = deadlineNanos;
  }

  /** When {@link #onTimer} has to be called next. */
  public long nextWakeNanos() {
    long last = outstanding.isEmpty() ? deadlineNanos : deadlineNanos + policy.graceNanos();
    return wakeNanos - last < 0 ? wakeNanos : last;
  }

  /** The deadline of the whole request, and so of each copy. */
  public long deadlineNanos() {
    return deadlineNanos;
  }

  /** Begins. */
  public Step start(long nowNanos) {
    return send(target(nowNanos), nowNanos);
  }

  /** The request has an identity in a new session; the old one is never used again. */
  public Step onNewSession(long nowNanos) {
    return send(target(nowNanos), nowNanos);
  }

  /** Whether a copy is under way, or was left without a definite answer. */
  public boolean mayHaveBeenApplied() {
    return kind.isWrite() && (unresolved || !outstanding.isEmpty());
  }

  /** A copy ended without an answer. */
  public Step onFailure(int number, CopyFailure failure, long nowNanos) {
    Copy copy = takeOutstanding(number);
    if (copy == null) {
      return WAIT;
    }
    noteHealth(copy, failure, nowNanos);
    if (refusal != null) {
      return onLastWord(refusal, failure);
    }
    last = failure;
    if (failure.recovery() == Recovery.NONE || failure.outcome() == Outcome.APPLIED) {
      return refusedForGood(failure, nowNanos);
    }
    if (failure.recovery() == Recovery.NEW_SESSION) {
      return afterExpiredSession(failure);
    }
    unresolved |= failure.outcome() == Outcome.UNKNOWN;
    if (kind == RequestKind.ONCE && unresolved) {
      return finish(Outcome.UNKNOWN, false);
    }
    if (!copy.equals(newest)) {
      return WAIT;
    }
    newest = null;
    return retry(copy, failure, nowNanos);
  }

  /**
   * What was refused for good is not sent again; but while other copies are under way, only their
   * answers can tell that none of them was applied either.
   */
  private Step refusedForGood(CopyFailure failure, long nowNanos) {
    boolean othersMayTell =
        failure.outcome() == Outcome.NOT_APPLIED
            && !failure.isSealed()
            && kind.isWrite()
            && !unresolved
            && !outstanding.isEmpty();
    if (!othersMayTell) {
      return finish(outcomeAfter(failure), false);
    }
    refusal = failure;
    wakeNanos = nowNanos + policy.lastWordNanos();
    return WAIT;
  }

  private Step onLastWord(CopyFailure refused, CopyFailure other) {
    unresolved |= other.outcome() != Outcome.NOT_APPLIED;
    boolean decided = unresolved || outstanding.isEmpty();
    return decided ? finish(outcomeAfter(refused), false) : WAIT;
  }

  /** Time has passed. */
  public Step onTimer(long nowNanos) {
    CopyFailure refused = refusal;
    if (refused != null && nowNanos - wakeNanos >= 0) {
      return finish(outcomeAfter(refused), false);
    }
    if (nowNanos - deadlineNanos >= (outstanding.isEmpty() ? 0 : policy.graceNanos())) {
      outstanding.forEach(copy -> maybeDistrust(copy, nowNanos));
      return finish(mayHaveBeenApplied() ? Outcome.UNKNOWN : Outcome.NOT_APPLIED, true);
    }
    if (nowNanos - wakeNanos < 0) {
      return WAIT;
    }
    Copy silent = newest;
    if (silent == null) {
      return resume(nowNanos);
    }
    return onSilence(silent, nowNanos);
  }

  /** The leader map changed: what waits in vain elsewhere is sent to the new leader at once. */
  public Step onNews(long nowNanos) {
    Copy silent = newest;
    if (silent == null || refusal != null || nowNanos - deadlineNanos >= 0) {
      return WAIT;
    }
    boolean inVain = nowNanos - silent.sentNanos() >= policy.silenceNanos();
    return inVain && leadershipMovedSince(silent) ? send(leaders.leader(), nowNanos) : WAIT;
  }

  private Step resume(long nowNanos) {
    if (nowNanos - deadlineNanos >= 0) {
      wakeNanos = deadlineNanos + policy.graceNanos();
      return WAIT;
    }
    return send(target(nowNanos), nowNanos);
  }

  private int target(long nowNanos) {
    leaders.forgive(nowNanos);
    return leaders.target();
  }

  private Step onSilence(Copy silent, long nowNanos) {
    if (leadershipMovedSince(silent)) {
      return send(leaders.leader(), nowNanos);
    }
    if (leaders.size() == 1 || kind == RequestKind.ONCE) {
      wakeNanos = deadlineNanos + policy.graceNanos();
      return WAIT;
    }
    wakeNanos = nowNanos + policy.questionGapNanos();
    asked = leaders.following(asked == LeaderMap.NONE ? silent.endpoint() : asked);
    if (asked == silent.endpoint()) {
      asked = leaders.following(asked);
    }
    return new Step.Ask(asked);
  }

  /**
   * Whether another copy makes sense although one is under way: only if another node leads than the
   * one that has it, or the same one in a new term. Otherwise the copy is as well off as any.
   */
  private boolean leadershipMovedSince(Copy copy) {
    int leader = leaders.leader();
    if (leader == LeaderMap.NONE
        || kind == RequestKind.ONCE
        || outstanding.size() >= policy.maxOutstandingCopies()) {
      return false;
    }
    return leader != copy.endpoint() || (copy.term() != 0 && leaders.term() > copy.term());
  }

  private void noteHealth(Copy copy, CopyFailure failure, long nowNanos) {
    if (failure.reason().equals(CopyFailure.NO_ANSWER) && nowNanos - deadlineNanos >= 0) {
      maybeDistrust(copy, nowNanos);
    }
    boolean cannotServe =
        failure.isBrokenLink()
            || failure.reason().equals("NO_LEADER")
            || failure.reason().equals("NOT_READY");
    if (cannotServe) {
      leaders.suspect(copy.endpoint());
    }
  }

  /**
   * Servers answer before the deadline, if only to say that they do not know. A node from which
   * nothing came since, to no request of this client, is behind a connection that is dead although
   * nobody has said so, or stands still: the next requests had better not wait for it as well.
   */
  private void maybeDistrust(Copy copy, long nowNanos) {
    boolean longEnough = nowNanos - copy.sentNanos() >= policy.silenceNanos();
    if (longEnough && leaders.answersOf(copy.endpoint()) == copy.answersBefore()) {
      leaders.distrust(copy.endpoint(), nowNanos + policy.distrustNanos());
    }
  }

  private Step afterExpiredSession(CopyFailure failure) {
    boolean mayOpen = kind == RequestKind.WRITE_IN_OWN_SESSION && sessionsOpened < MAX_SESSIONS;
    if (mayOpen && !mayHaveBeenApplied()) {
      sessionsOpened++;
      newest = null;
      return new Step.OpenSession(failure.index());
    }
    return finish(outcomeAfter(failure), false);
  }

  private Step retry(Copy failed, CopyFailure failure, long nowNanos) {
    int target = leaders.targetAfter(failed.endpoint());
    boolean elsewhere = failure.recovery() == Recovery.ELSEWHERE;
    if (elsewhere && leaders.size() == 1 && failure.reason().equals("NOT_LEADER")) {
      return finish(outcomeAfter(failure), false);
    }
    boolean inTime = nowNanos - deadlineNanos < 0;
    if (elsewhere && inTime && target != failed.endpoint() && movesInRow < leaders.size()) {
      movesInRow++;
      return send(target, nowNanos);
    }
    wakeNanos = nowNanos + Math.max(pauseNanos(), failure.retryAfterNanos());
    movesInRow = 0;
    if (outstanding.isEmpty() && wakeNanos - deadlineNanos >= 0) {
      return finish(outcomeAfter(failure), true);
    }
    return WAIT;
  }

  /** Between half of the round's pause and the whole, so that clients do not come back together. */
  private long pauseNanos() {
    long whole = policy.backoffNanos(pauses++);
    return whole / 2 + (random.nextLong() >>> 1) % (whole / 2 + 1);
  }

  private Step send(int endpoint, long nowNanos) {
    long answers = leaders.answersOf(endpoint);
    Copy copy = new Copy(++copies, endpoint, leaders.term(), nowNanos, answers);
    outstanding.add(copy);
    newest = copy;
    wakeNanos = nowNanos + policy.silenceNanos();
    return new Step.Send(copy.number(), endpoint);
  }

  private Step finish(Outcome outcome, boolean deadlinePassed) {
    return new Step.Finish(outcome, last, deadlinePassed);
  }

  /** The outcome of the request if this failure, whose copy is no longer outstanding, ends it. */
  private Outcome outcomeAfter(CopyFailure failure) {
    if (!kind.isWrite()) {
      return Outcome.NOT_APPLIED;
    }
    if (failure.outcome() != Outcome.NOT_APPLIED || failure.isSealed()) {
      return failure.outcome();
    }
    return mayHaveBeenApplied() ? Outcome.UNKNOWN : Outcome.NOT_APPLIED;
  }

  private @Nullable Copy takeOutstanding(int number) {
    for (int i = 0; i < outstanding.size(); i++) {
      if (outstanding.get(i).number() == number) {
        return outstanding.remove(i);
      }
    }
    return null;
  }
}
