package raftkv.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.kv.TestLog.bytes;
import static raftkv.kv.TestLog.simple;
import static raftkv.kv.TestLog.windowed;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Safety rule 4.3: fingerprints, first answers, and the limit on their bytes. */
final class StoredAnswerTest {
  private final TestLog log = TestLog.with(KvLimits.DEFAULTS);

  @Test
  void anotherPayloadUnderTheSameNumberIsRefusedAndNotStored() {
    log.put(simple("c", 1), "k", "first");

    assertThat(log.put(simple("c", 1), "k", "second")).isEqualTo(new KvAnswer.SeqNumReused(2));
    assertThat(log.machine.get(bytes("k")).value().text()).isEqualTo("first");
    assertThat(log.put(simple("c", 1), "k", "first"))
        .isEqualTo(new KvAnswer.PutDone(2, 2, 1, true));
  }

  /** Each differs from the first in one thing: kind, key, value, type of value, condition. */
  @Test
  void everyPartOfTheOperationIsInTheFingerprint() {
    RequestIdentity request = simple("c", 1);
    KvValue value = KvValue.text("v");
    Condition absent = new Condition.Absent();
    log.apply(new KvCommand.CompareAndSet(request, bytes("k"), absent, value));

    List<KvCommand> others =
        List.of(
            new KvCommand.Put(request, bytes("k"), value),
            new KvCommand.Delete(request, bytes("k")),
            new KvCommand.Delete(request, bytes("k"), 2),
            new KvCommand.CompareAndSet(request, bytes("l"), absent, value),
            new KvCommand.CompareAndSet(request, bytes("k"), absent, KvValue.text("w")),
            new KvCommand.CompareAndSet(
                request, bytes("k"), absent, KvValue.bytes(new byte[] {'v'})),
            new KvCommand.CompareAndSet(request, bytes("k"), new Condition.ModIndexIs(0), value),
            new KvCommand.CompareAndSet(
                request, bytes("k"), new Condition.ValueIs(KvValue.text("")), value));

    for (KvCommand other : others) {
      assertThat(log.apply(other)).as("%s", other).isEqualTo(new KvAnswer.SeqNumReused(2));
    }
  }

  @Test
  void theConditionOfADeleteIsInTheFingerprint() {
    log.apply(new KvCommand.Delete(simple("c", 1), bytes("k"), 5));

    assertThat(log.apply(new KvCommand.Delete(simple("c", 1), bytes("k"), 6)))
        .isEqualTo(new KvAnswer.SeqNumReused(2));
    assertThat(log.apply(new KvCommand.Delete(simple("c", 1), bytes("k"))))
        .isEqualTo(new KvAnswer.SeqNumReused(2));
    assertThat(log.apply(new KvCommand.Delete(simple("c", 1), bytes("k"), 5)).deduplicated())
        .isTrue();
  }

  /** ack_seq and session_start may differ from copy to copy. */
  @Test
  void theFingerprintIsOverTheOperationAlone() {
    log.put(windowed("c", 5, 2), "k");

    assertThat(log.put(windowed("c", 5, 4).withSessionStart(1), "k").deduplicated()).isTrue();
  }

  /** Hazard 57: looking again would say that the condition does not hold. */
  @Test
  void aDuplicateOfACompareAndSetGetsTheFirstAnswer() {
    KvCommand cas =
        new KvCommand.CompareAndSet(
            simple("c", 1), bytes("k"), new Condition.Absent(), KvValue.text("mine"));
    log.apply(cas);
    log.put("k", "theirs");

    KvAnswer again = log.apply(cas);

    KvEntry first = KvEntry.of(bytes("k"), KvValue.text("mine"), new KvEntry.Versions(2, 2, 1));
    assertThat(again).isEqualTo(new KvAnswer.CompareAndSetDone(2, true, first, true));
  }

  @Test
  void aConditionThatDidNotHoldIsADefiniteResultAndStored() {
    log.put("k", "there");
    KvCommand cas =
        new KvCommand.CompareAndSet(
            simple("c", 1), bytes("k"), new Condition.Absent(), KvValue.text("mine"));
    KvAnswer.CompareAndSetDone first = (KvAnswer.CompareAndSetDone) log.apply(cas);
    log.apply(new KvCommand.Delete(null, bytes("k")));

    KvAnswer again = log.apply(cas);

    assertThat(first.succeeded()).isFalse();
    assertThat(first.entry().value().text()).isEqualTo("there");
    assertThat(again).isEqualTo(new KvAnswer.CompareAndSetDone(3, false, first.entry(), true));
    assertThat(log.machine.get(bytes("k"))).isNull();
  }

  @Test
  void aDeleteOfAMissingKeyConsumesNumberAndIndex() {
    KvCommand delete = new KvCommand.Delete(simple("c", 1), bytes("k"));

    assertThat(log.apply(delete)).isEqualTo(new KvAnswer.DeleteDone(2, false, null, false));
    log.put("k", "v");
    assertThat(log.apply(delete)).isEqualTo(new KvAnswer.DeleteDone(2, false, null, true));
    assertThat(log.version("k")).isEqualTo(1);
  }

  @Test
  void theLimitOnBytesDropsTheOldestAnswersAndNoMarks() {
    long answerBytes = AnswerCodec.encode(new KvAnswer.PutDone(1, 1, 1, false)).length();
    TestLog small = TestLog.with(KvLimits.DEFAULTS.withMaxStoredAnswerBytes(2 * answerBytes));
    small.put(simple("a", 1), "k");
    small.put(windowed("b", 1, 0), "k");
    small.put(simple("a", 2), "k");

    assertThat(small.machine.storedAnswerBytes()).isEqualTo(2 * answerBytes);
    assertThat(small.put(simple("a", 1), "k")).isEqualTo(new KvAnswer.AnswerForgotten(2));
    assertThat(small.put(simple("a", 1), "k", "x")).isEqualTo(new KvAnswer.SeqNumReused(2));
    assertThat(small.outcome("a", 1))
        .isEqualTo(new RequestOutcome(RequestOutcome.Kind.APPLIED, 2, null));
    assertThat(small.put(windowed("b", 1, 0), "k")).isInstanceOf(KvAnswer.PutDone.class);
    assertThat(small.put(simple("a", 2), "k").deduplicated()).isTrue();
    assertThat(small.version("k")).isEqualTo(3);
  }

  @Test
  void anAnswerLargerThanTheWholeLimitIsGivenOnceAndNotKept() {
    TestLog none = TestLog.with(KvLimits.DEFAULTS.withMaxStoredAnswerBytes(0));

    assertThat(none.put(simple("a", 1), "k")).isInstanceOf(KvAnswer.PutDone.class);
    assertThat(none.put(simple("a", 1), "k")).isEqualTo(new KvAnswer.AnswerForgotten(2));
    assertThat(none.machine.storedAnswerBytes()).isZero();
  }

  /** ADR 38 counts all that the state takes: marks stay when their answers go. */
  @Test
  void marksWithoutAnswersAreCountedUntilTheyGo() {
    TestLog none = TestLog.with(KvLimits.DEFAULTS.withMaxStoredAnswerBytes(0).withMaxSessions(4));
    long session = heapBytesAfter(none, new KvCommand.Delete(simple("a", 1), bytes("k")));
    long mark = heapBytesAfter(none, new KvCommand.Delete(simple("a", 2), bytes("k"))) - session;
    assertThat(mark).as("object and place").isBetween(64L, 96L);
    assertThat(session).isGreaterThan(5 * mark);

    none.apply(new KvCommand.Delete(windowed("w", 3, 0), bytes("k")));
    assertThat(heapBytesAfter(none, new KvCommand.Cancel(simple("w", 2))))
        .as("a seal too")
        .isEqualTo(2 * session + 2 * mark);
    assertThat(heapBytesAfter(none, new KvCommand.Delete(windowed("w", 4, 3), bytes("k"))))
        .as("below the floor there are none")
        .isEqualTo(2 * session + mark);

    for (int i = 0; i < 12; i++) {
      none.put(simple("filler" + i, 1).withSessionStart(none.nextIndex() - 1), "k");
      none.put(simple("filler" + i, 2).withSessionStart(none.nextIndex() - 1), "k");
    }
    none.apply(new KvCommand.Delete(null, bytes("k")));
    assertThat(none.machine.heapBytes())
        .as("those of evicted sessions go")
        .isEqualTo(4 * (session + mark));
  }

  private static long heapBytesAfter(TestLog log, KvCommand command) {
    log.apply(command);
    return log.machine.heapBytes();
  }

  /** Many more answers than fit, in sessions that come and go: the sum of bytes stays exact. */
  @Test
  void theBytesOfAnswersAreCountedThroughAcksTrimsAndEvictions() {
    KvLimits limits =
        KvLimits.DEFAULTS.withMaxSessions(4).withSessionWindow(8).withMaxStoredAnswerBytes(250);
    TestLog small = TestLog.with(limits);
    for (int i = 1; i <= 600; i++) {
      small.put(windowed("w", i, Math.max(0, i - 5)), "k");
      small.put(simple("s", i), "k");
      small.put(simple("once" + i, 1).withSessionStart(small.nextIndex() - 1), "k");
      assertThat(small.machine.storedAnswerBytes()).isBetween(i > 10 ? 224L : 0L, 250L);
    }
  }

  /** Safety rule 4.7 and hazard 56: what refuse() says before the proposal leaves no trace. */
  @Test
  void aRefusalBeforeTheProposalLeavesNoTrace() {
    String sentence = log.machine.refuse(bytes("nonsense"));

    assertThat(sentence).isNotBlank();
    assertThat(log.machine.sessionCount()).isZero();
    assertThat(log.put(simple("c", 1), "k")).isEqualTo(new KvAnswer.PutDone(2, 2, 1, false));
  }

  @Test
  void aValueAboveTheLimitIsRefusedAtApplyAndTheNumberStaysFree() {
    byte[] large = new byte[KvLimits.DEFAULTS.maxValueBytes() + 1];
    KvCommand put = new KvCommand.Put(simple("c", 1), bytes("k"), KvValue.bytes(large));

    assertThat(log.apply(put))
        .isEqualTo(new KvAnswer.LimitExceeded(SizeLimit.VALUE, large.length, large.length - 1));
    assertThat(log.put(simple("c", 1), "k")).isInstanceOf(KvAnswer.PutDone.class);
  }
}
