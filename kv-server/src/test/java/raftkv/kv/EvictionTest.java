package raftkv.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.kv.TestLog.simple;
import static raftkv.kv.TestLog.windowed;

import org.junit.jupiter.api.Test;
import raftkv.raft.EntryKind;

/** Safety rules 4.4 and 4.5: an evicted session is never taken for a new one. */
final class EvictionTest {
  private static final int SESSIONS = 8;

  private final TestLog log = TestLog.with(KvLimits.DEFAULTS.withMaxSessions(SESSIONS));

  private int fillers;

  /** The counter-example of 4.4, hazards 48 and 49. */
  @Test
  void theRetryOfARequestWhoseSessionWasEvictedIsNotAppliedAgain() {
    log.put(simple("victim", 1), "k");
    evictAllSingleWrites();

    KvAnswer retry = log.put(simple("victim", 1), "k");

    assertThat(retry).isEqualTo(new KvAnswer.SessionExpired(log.nextIndex() - 1));
    assertThat(log.version("k")).isEqualTo(1);
  }

  @Test
  void anUnknownClientOpensASessionWhileNothingWasEverEvicted() {
    for (int i = 0; i < SESSIONS; i++) {
      assertThat(log.put(simple("c" + i, 7), "k")).isInstanceOf(KvAnswer.PutDone.class);
    }

    assertThat(log.machine.sessionCount()).isEqualTo(SESSIONS);
    assertThat(log.outcome("unheard of", 1).kind()).isEqualTo(RequestOutcome.Kind.NOT_YET_APPLIED);
  }

  @Test
  void afterAnEvictionOnlyASessionStartAboveItOpensASession() {
    log.put(simple("victim", 1), "k"); // created at index 2
    long before = log.nextIndex() - 1;
    evictAllSingleWrites();
    long after = log.nextIndex() - 1;

    assertThat(log.put(simple("n", 1), "n")).isInstanceOf(KvAnswer.SessionExpired.class);
    assertThat(log.put(simple("n", 1).withSessionStart(before), "n"))
        .isInstanceOf(KvAnswer.SessionExpired.class);
    assertThat(log.put(simple("n", 1).withSessionStart(after), "n"))
        .isInstanceOf(KvAnswer.PutDone.class);
    assertThat(log.version("n")).isEqualTo(1);
  }

  /** The bound is the creation index of the youngest evicted session, exactly. */
  @Test
  void theBoundIsTheHighestCreationIndexOfAnyEvictedSession() {
    log.put(simple("victim", 1), "k"); // created at index 2
    log.put(simple("victim", 2), "k");
    for (int i = 1; i < SESSIONS; i++) {
      longLived("dead" + i);
    }
    longLived("newcomer"); // evicts the victim, whose last use was at 3

    assertThat(log.put(simple("n", 1).withSessionStart(2), "n"))
        .isInstanceOf(KvAnswer.SessionExpired.class);
    assertThat(log.put(simple("n", 1).withSessionStart(3), "n"))
        .isInstanceOf(KvAnswer.PutDone.class);
  }

  /** An applied index that is above the request's own was not seen by anyone. */
  @Test
  void aSessionStartFromTheFutureProvesNothing() {
    evictAllSingleWrites();

    KvAnswer answer = log.put(simple("n", 1).withSessionStart(Long.MAX_VALUE), "n");

    assertThat(answer).isInstanceOf(KvAnswer.SessionExpired.class);
  }

  /** Whatever its number: also one that looks like a beginning. */
  @Test
  void anExpiredSessionRefusesEveryNumber() {
    log.put(windowed("victim", 1, 0), "k");
    evictAllSingleWrites();

    for (long seqNum : new long[] {1, 2, 100, Long.MAX_VALUE}) {
      assertThat(log.put(windowed("victim", seqNum, 0), "k"))
          .isInstanceOf(KvAnswer.SessionExpired.class);
    }
  }

  /**
   * Hazard 58: a client id used again after its session was evicted. A late copy from the evicted
   * session must not be taken for a request of the new one.
   */
  @Test
  void aLateCopyFromAnEvictedSessionIsNotTakenIntoANewOneOfTheSameId() {
    RequestIdentity late = simple("c", 5).withSessionStart(1);
    log.put(late, "k");
    evictAllSingleWrites();
    log.put(simple("c", 1).withSessionStart(log.nextIndex() - 1), "other");

    assertThat(log.put(late, "k")).isInstanceOf(KvAnswer.SessionExpired.class);
    assertThat(log.put(simple("c", 5), "k")).isInstanceOf(KvAnswer.SessionExpired.class);
    assertThat(log.outcome("c", 5, 1).kind()).isEqualTo(RequestOutcome.Kind.EXPIRED);
    assertThat(log.version("k")).isEqualTo(1);
  }

  /** What clients rely on that ask what became of a request, or cancel it. */
  @Test
  void outcomeInASessionAfterAnEvictionIsToldToWhoeverBringsItsStart() {
    evictAllSingleWrites();
    long start = log.nextIndex() - 1;
    log.put(windowed("c", 1, 0).withSessionStart(start), "k");

    assertThat(log.outcome("c", 1, start).kind()).isEqualTo(RequestOutcome.Kind.APPLIED);
    assertThat(log.outcome("c", 1).kind()).isEqualTo(RequestOutcome.Kind.EXPIRED);
    assertThat(log.cancel(simple("c", 2)))
        .isEqualTo(new KvAnswer.OutcomeKnown(RequestOutcome.of(RequestOutcome.Kind.EXPIRED)));
    assertThat(log.cancel(simple("c", 2).withSessionStart(start)))
        .isEqualTo(new KvAnswer.OutcomeKnown(RequestOutcome.of(RequestOutcome.Kind.NOT_APPLIED)));
  }

  /** The refusal is not stored: nothing of it stands in the way later. */
  @Test
  void theRefusalLeavesNoTrace() {
    evictAllSingleWrites();
    int sessions = log.machine.sessionCount();

    log.put(simple("n", 1), "n");

    assertThat(log.machine.sessionCount()).isEqualTo(sessions);
  }

  /** A loop of one-shot commands does not throw out long-lived clients. */
  @Test
  void singleWritesEvictSingleWritesFirst() {
    for (int i = 0; i < 6; i++) {
      longLived("long" + i);
    }

    for (int i = 0; i < 50; i++) {
      singleWrite();
    }

    for (int i = 0; i < 6; i++) {
      assertThat(log.put(simple("long" + i, 2), "long" + i).deduplicated()).isTrue();
    }
  }

  /** Dead long-lived clients do not lock newcomers out: these get their quarter. */
  @Test
  void deadLongLivedSessionsGiveWayToNewcomers() {
    for (int i = 0; i < SESSIONS; i++) {
      longLived("dead" + i);
    }
    long start = log.nextIndex() - 1;

    RequestIdentity a = simple("a", 1).withSessionStart(start);
    RequestIdentity b = simple("b", 1).withSessionStart(start);
    log.put(a, "k");
    log.put(b, "k");

    assertThat(log.put(a, "k").deduplicated()).isTrue();
    assertThat(log.put(b, "k").deduplicated()).isTrue();
    assertThat(log.put(simple("dead0", 2), "dead0")).isInstanceOf(KvAnswer.SessionExpired.class);
    assertThat(log.put(simple("dead1", 2), "dead1")).isInstanceOf(KvAnswer.SessionExpired.class);
    assertThat(log.put(simple("dead2", 2), "dead2").deduplicated()).isTrue();
  }

  @Test
  void theLeastRecentlyUsedGoesFirstAndADuplicateIsAUse() {
    for (int i = 0; i < SESSIONS; i++) {
      longLived("c" + i);
    }
    log.put(simple("c0", 2), "c0"); // a duplicate
    singleWrite();

    assertThat(log.put(simple("c0", 2), "c0").deduplicated()).isTrue();
    assertThat(log.put(simple("c1", 2), "c1")).isInstanceOf(KvAnswer.SessionExpired.class);
  }

  @Test
  void retriesOfOneWriteKeepASessionAmongTheSingleWrites() {
    log.put(simple("retried", 1), "k");
    log.put(simple("retried", 1), "k");
    for (int i = 0; i < SESSIONS - 2; i++) {
      longLived("c" + i);
    }
    singleWrite();
    singleWrite();
    singleWrite();

    assertThat(log.put(simple("retried", 1), "k")).isInstanceOf(KvAnswer.SessionExpired.class);
  }

  @Test
  void limitsComeFromTheLogAndHoldFromTheNextUseOn() {
    for (int i = 0; i < SESSIONS; i++) {
      longLived("c" + i);
    }

    KvLimits fewer = KvLimits.DEFAULTS.withMaxSessions(4);
    log.append(EntryKind.SETTINGS, TestLog.settings(fewer).encode());
    singleWrite();

    assertThat(log.machine.limits()).isEqualTo(fewer);
    assertThat(log.machine.sessionCount()).isEqualTo(4);
  }

  private void longLived(String client) {
    long start = log.nextIndex() - 1;
    log.put(simple(client, 1).withSessionStart(start), client);
    log.put(simple(client, 2).withSessionStart(start), client);
  }

  private void singleWrite() {
    RequestIdentity request = simple("single" + fillers++, 1);
    log.put(request.withSessionStart(log.nextIndex() - 1), "filler");
  }

  private void evictAllSingleWrites() {
    for (int i = 0; i < SESSIONS; i++) {
      singleWrite();
    }
    assertThat(log.machine.sessionCount()).isEqualTo(SESSIONS);
    singleWrite();
  }
}
