package raftkv.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.kv.RequestOutcome.Kind.APPLIED;
import static raftkv.kv.RequestOutcome.Kind.EXPIRED;
import static raftkv.kv.RequestOutcome.Kind.NOT_APPLIED;
import static raftkv.kv.RequestOutcome.Kind.NOT_YET_APPLIED;
import static raftkv.kv.TestLog.simple;
import static raftkv.kv.TestLog.windowed;

import org.junit.jupiter.api.Test;

/** Safety rule 4.6: asking for an outcome, and sealing a number. */
final class CancelTest {
  private static final int WINDOW = 4;

  private final TestLog log =
      TestLog.with(KvLimits.DEFAULTS.withSessionWindow(WINDOW).withMaxSessions(4));

  @Test
  void theOutcomeOfAnAppliedRequestIsItsFirstAnswer() {
    log.put(windowed("c", 2, 0), "k");

    RequestOutcome outcome = log.outcome("c", 2);

    KvAnswer.Result answer = new KvAnswer.PutDone(2, 2, 1, true);
    assertThat(outcome).isEqualTo(new RequestOutcome(APPLIED, 2, answer));
  }

  @Test
  void theOutcomeOfANumberThatWasNotSeenIsNotYetApplied() {
    log.put(windowed("c", 2, 0), "k");

    assertThat(log.outcome("c", 1).kind()).isEqualTo(NOT_YET_APPLIED);
    assertThat(log.outcome("c", 3).kind()).isEqualTo(NOT_YET_APPLIED);
    assertThat(log.outcome("nobody", 1).kind()).isEqualTo(NOT_YET_APPLIED);
  }

  @Test
  void theOutcomeOfAForgottenNumberOrSessionIsExpired() {
    log.put(windowed("c", 4, 3), "k");
    assertThat(log.outcome("c", 3).kind()).isEqualTo(EXPIRED);

    evictEverything();
    long now = log.nextIndex() - 1;
    assertThat(log.outcome("c", 4).kind()).isEqualTo(EXPIRED);
    assertThat(log.outcome("c", 4, 1).kind()).isEqualTo(EXPIRED);
    assertThat(log.outcome("new", 1, now).kind()).isEqualTo(NOT_YET_APPLIED);
  }

  /** A copy may still lie in a log: only the seal makes NOT_APPLIED true. */
  @Test
  void aSealedNumberIsRefusedForEver() {
    log.put(windowed("c", 2, 0), "k");

    assertThat(outcomeOf(log.cancel(simple("c", 1)))).isEqualTo(NOT_APPLIED);

    assertThat(log.put(windowed("c", 1, 0), "k")).isEqualTo(new KvAnswer.CancelledByClient(3));
    assertThat(log.put(windowed("c", 1, 0), "k", "other"))
        .isEqualTo(new KvAnswer.CancelledByClient(3));
    assertThat(log.outcome("c", 1).kind()).isEqualTo(NOT_APPLIED);
    assertThat(outcomeOf(log.cancel(simple("c", 1)))).isEqualTo(NOT_APPLIED);
    assertThat(log.version("k")).isEqualTo(1);
  }

  @Test
  void cancellingWhatWasAppliedGivesItsAnswer() {
    log.put(simple("c", 1), "k");

    KvAnswer.OutcomeKnown answer = (KvAnswer.OutcomeKnown) log.cancel(simple("c", 1));

    assertThat(answer.outcome())
        .isEqualTo(new RequestOutcome(APPLIED, 2, new KvAnswer.PutDone(2, 2, 1, true)));
    assertThat(log.put(simple("c", 1), "k").deduplicated()).isTrue();
  }

  @Test
  void aCancelAboveTheWindowIsRefused() {
    log.put(windowed("c", 1, 0), "k");

    assertThat(log.cancel(simple("c", WINDOW + 1))).isEqualTo(new KvAnswer.SeqNumAhead(0, WINDOW));
    assertThat(log.put(windowed("c", WINDOW + 1, 1), "k")).isInstanceOf(KvAnswer.PutDone.class);
  }

  @Test
  void aCancelRaisesTheHighestOfASimpleSession() {
    log.put(simple("c", 1), "k");
    log.cancel(simple("c", 10));

    assertThat(log.put(simple("c", 9), "k")).isEqualTo(new KvAnswer.SeqNumTooOld(10, 0));
    assertThat(log.put(simple("c", 10), "k")).isInstanceOf(KvAnswer.CancelledByClient.class);
    assertThat(log.put(simple("c", 11), "k")).isInstanceOf(KvAnswer.PutDone.class);
  }

  @Test
  void aSealCountsAsAnAnswerOfASimpleSession() {
    for (int seqNum = 1; seqNum <= WINDOW; seqNum++) {
      log.put(simple("c", seqNum), "k");
    }
    log.cancel(simple("c", 100));

    assertThat(log.put(simple("c", 1), "k")).isEqualTo(new KvAnswer.SeqNumTooOld(100, 1));
    assertThat(log.put(simple("c", 2), "k").deduplicated()).isTrue();
  }

  @Test
  void aForgottenNumberCannotBeSealed() {
    for (int seqNum = 1; seqNum <= WINDOW + 1; seqNum++) {
      log.put(simple("c", seqNum), "k");
    }
    log.put(windowed("w", 4, 3), "k");

    assertThat(outcomeOf(log.cancel(simple("c", 1)))).isEqualTo(EXPIRED);
    assertThat(outcomeOf(log.cancel(simple("w", 3)))).isEqualTo(EXPIRED);
  }

  /** Above the floor of a simple session, no mark means never applied: the gap can be sealed. */
  @Test
  void aGapOfASimpleSessionCanBeSealed() {
    log.put(simple("c", 5), "k");

    assertThat(outcomeOf(log.cancel(simple("c", 3)))).isEqualTo(NOT_APPLIED);
    assertThat(log.put(simple("c", 3), "k")).isInstanceOf(KvAnswer.CancelledByClient.class);
    assertThat(log.put(simple("c", 6), "k")).isInstanceOf(KvAnswer.PutDone.class);
  }

  /** The request itself never arrived, so its cancel opens the session: of either kind. */
  @Test
  void aCancelThatOpensASessionLeavesItsKindToTheFirstWrite() {
    log.cancel(simple("w", 2));
    log.cancel(simple("w", 1));
    assertThat(log.put(windowed("w", 1, 0), "k")).isInstanceOf(KvAnswer.CancelledByClient.class);
    assertThat(log.put(windowed("w", 2, 0), "k")).isInstanceOf(KvAnswer.CancelledByClient.class);
    assertThat(log.put(windowed("w", 3, 0), "k")).isInstanceOf(KvAnswer.PutDone.class);

    log.cancel(simple("s", 9));
    assertThat(log.put(simple("s", 8), "k")).isEqualTo(new KvAnswer.SeqNumTooOld(9, 0));
    assertThat(log.put(simple("s", 10), "k")).isInstanceOf(KvAnswer.PutDone.class);
  }

  /** Seals of an undecided session are limited too; those that go leave a floor behind. */
  @Test
  void manyCancelsOfAnUndecidedSessionAreKeptWithinTheWindow() {
    for (int seqNum = 1; seqNum <= 3 * WINDOW; seqNum++) {
      log.cancel(simple("w", seqNum));
    }

    for (int seqNum = 1; seqNum <= 3 * WINDOW; seqNum++) {
      assertThat(log.put(windowed("w", seqNum, 0), "k")).isInstanceOf(KvAnswer.Refusal.class);
    }
    assertThat(log.version("k")).isZero();
    assertThat(log.put(windowed("w", 3 * WINDOW, 0), "k"))
        .isInstanceOf(KvAnswer.CancelledByClient.class);
    assertThat(log.put(windowed("w", 1, 0), "k"))
        .isEqualTo(new KvAnswer.SeqNumTooOld(3 * WINDOW, 2 * WINDOW));
  }

  @Test
  void aCancelForASessionThatMayBeEvictedSealsNothing() {
    log.put(simple("c", 1), "k");
    evictEverything();
    int sessions = log.machine.sessionCount();

    assertThat(outcomeOf(log.cancel(simple("c", 1)))).isEqualTo(EXPIRED);
    assertThat(log.machine.sessionCount()).isEqualTo(sessions);
  }

  /** A windowed client may cancel with its ack: the floor rises, the kind is checked. */
  @Test
  void aCancelWithAckSeqBehavesLikeARequestOfThatKind() {
    log.put(windowed("w", 1, 0), "k");
    log.put(simple("s", 1), "k");

    assertThat(outcomeOf(log.cancel(windowed("w", 3, 2)))).isEqualTo(NOT_APPLIED);
    assertThat(log.outcome("w", 1).kind()).isEqualTo(EXPIRED);
    assertThat(log.cancel(windowed("s", 3, 2)))
        .isEqualTo(new KvAnswer.WrongSessionKind(SessionKind.SIMPLE));
  }

  private static RequestOutcome.Kind outcomeOf(KvAnswer answer) {
    return ((KvAnswer.OutcomeKnown) answer).outcome().kind();
  }

  private void evictEverything() {
    for (int i = 0; i < 12; i++) {
      long start = log.nextIndex() - 1;
      log.put(simple("filler" + i, 1).withSessionStart(start), "filler");
      log.put(simple("filler" + i, 2).withSessionStart(start), "filler");
    }
  }
}
