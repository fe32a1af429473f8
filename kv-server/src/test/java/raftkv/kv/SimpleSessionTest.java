package raftkv.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.kv.TestLog.simple;
import static raftkv.kv.TestLog.windowed;

import org.junit.jupiter.api.Test;
import raftkv.port.StateHash;

/** Safety rule 4.2 for sessions without ack_seq: one request at a time. */
final class SimpleSessionTest {
  private static final int WINDOW = 3;

  private final TestLog log = TestLog.with(KvLimits.DEFAULTS.withSessionWindow(WINDOW));

  @Test
  void aDuplicateGetsTheFirstAnswerAndTakesNoEffect() {
    KvAnswer first = log.put(simple("c", 1), "k");
    log.put("k", "by another");

    KvAnswer again = log.put(simple("c", 1), "k");

    assertThat(first).isEqualTo(new KvAnswer.PutDone(2, 2, 1, false));
    assertThat(again).isEqualTo(new KvAnswer.PutDone(2, 2, 1, true));
    assertThat(log.version("k")).isEqualTo(2);
  }

  /** Safety rule 3.1: for a write whose index a snapshot jumped over. */
  @Test
  void theStateSaysWhatItHoldsOfARequestWithoutChanging() {
    log.put(simple("c", 1), "k");
    StateHash before = log.machine.hash();

    assertThat(AnswerCodec.decode(log.machine.answerTo(log.putCommand(simple("c", 1), "k"))))
        .isEqualTo(new KvAnswer.PutDone(2, 2, 1, true));
    assertThat(AnswerCodec.decode(log.machine.answerTo(log.putCommand(simple("c", 1), "other"))))
        .isInstanceOf(KvAnswer.SeqNumReused.class);
    assertThat(log.machine.answerTo(log.putCommand(simple("c", 2), "k"))).isNull();
    assertThat(log.machine.answerTo(log.putCommand(simple("d", 1), "k"))).isNull();
    assertThat(log.machine.answerTo(log.putCommand(null, "k"))).isNull();
    assertThat(log.machine.hash()).isEqualTo(before);
  }

  /** The check that counts is the one at apply time (4.1): both copies are in the log. */
  @Test
  void twoCopiesInTheLogTakeEffectOnce() {
    log.put(simple("c", 1), "k");
    log.put(simple("c", 1), "k");
    log.put(simple("c", 1), "k");

    assertThat(log.version("k")).isEqualTo(1);
  }

  @Test
  void anyNumberAboveTheHighestIsNewGapsIncluded() {
    log.put(simple("c", 5), "k");
    log.put(simple("c", 1_700_000_000_000L), "k");

    assertThat(log.put(simple("c", Long.MAX_VALUE), "k")).isInstanceOf(KvAnswer.PutDone.class);
    assertThat(log.version("k")).isEqualTo(3);
  }

  @Test
  void theLastAnswersAreKeptAndOlderOnesAreTooOld() {
    for (int seqNum = 1; seqNum <= 5; seqNum++) {
      log.put(simple("c", seqNum), "k");
    }

    for (int seqNum = 3; seqNum <= 5; seqNum++) {
      assertThat(log.put(simple("c", seqNum), "k").deduplicated()).isTrue();
    }
    assertThat(log.put(simple("c", 2), "k")).isEqualTo(new KvAnswer.SeqNumTooOld(5, 2));
    assertThat(log.put(simple("c", 1), "k")).isEqualTo(new KvAnswer.SeqNumTooOld(5, 2));
    assertThat(log.version("k")).isEqualTo(5);
  }

  /** A number that was skipped may have been applied and forgotten for all its client knows. */
  @Test
  void aLowerNumberThatWasSkippedIsTooOld() {
    log.put(simple("c", 5), "k");

    assertThat(log.put(simple("c", 4), "k")).isEqualTo(new KvAnswer.SeqNumTooOld(5, 0));
    assertThat(log.version("k")).isEqualTo(1);
  }

  @Test
  void aRequestWithAckSeqIsOfTheWrongKind() {
    log.put(simple("c", 1), "k");

    assertThat(log.put(windowed("c", 2, 0), "k"))
        .isEqualTo(new KvAnswer.WrongSessionKind(SessionKind.SIMPLE));
    assertThat(log.put(windowed("c", 1, 0), "k"))
        .isEqualTo(new KvAnswer.WrongSessionKind(SessionKind.SIMPLE));
    assertThat(log.version("k")).isEqualTo(1);
    assertThat(log.put(simple("c", 2), "k")).isInstanceOf(KvAnswer.PutDone.class);
  }

  @Test
  void sessionsOfDifferentClientsDoNotMeet() {
    log.put(simple("a", 1), "k");

    assertThat(log.put(simple("b", 1), "k").deduplicated()).isFalse();
    assertThat(log.version("k")).isEqualTo(2);
  }

  @Test
  void aRequestWithoutIdentityIsNeverADuplicate() {
    log.put("k", "same");
    log.put("k", "same");

    assertThat(log.version("k")).isEqualTo(2);
    assertThat(log.machine.sessionCount()).isZero();
  }
}
