package raftkv.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static raftkv.kv.TestLog.simple;
import static raftkv.kv.TestLog.windowed;

import org.junit.jupiter.api.Test;

/** Safety rule 4.2 for sessions with ack_seq: any order within a window. */
final class WindowedSessionTest {
  private static final int WINDOW = 4;

  private final TestLog log = TestLog.with(KvLimits.DEFAULTS.withSessionWindow(WINDOW));

  /** Hazard 55: seq 2 arrives first, and seq 1 must not be taken for old. */
  @Test
  void numbersInTheWindowComeInAnyOrder() {
    log.put(windowed("c", 3, 0), "k");
    log.put(windowed("c", 1, 0), "k");
    log.put(windowed("c", 4, 0), "k");
    log.put(windowed("c", 2, 0), "k");
    assertThat(log.version("k")).isEqualTo(4);

    assertThat(log.put(windowed("c", 1, 0), "k")).isEqualTo(new KvAnswer.PutDone(3, 2, 2, true));
    assertThat(log.put(windowed("c", 3, 0), "k")).isEqualTo(new KvAnswer.PutDone(2, 2, 1, true));
    assertThat(log.version("k")).isEqualTo(4);
  }

  @Test
  void aNumberAboveTheWindowIsAheadAndNotStored() {
    assertThat(log.put(windowed("c", 5, 0), "k")).isEqualTo(new KvAnswer.SeqNumAhead(0, WINDOW));
    assertThat(log.version("k")).isZero();

    // The refusal was not stored: once the floor has risen the same request is taken.
    assertThat(log.put(windowed("c", 5, 1), "k")).isInstanceOf(KvAnswer.PutDone.class);
    assertThat(log.version("k")).isEqualTo(1);
  }

  @Test
  void aNumberAtOrBelowTheFloorIsTooOldWhateverWasAnsweredThere() {
    log.put(windowed("c", 1, 0), "k");
    log.put(windowed("c", 4, 3), "k");

    assertThat(log.put(windowed("c", 1, 0), "k")).isEqualTo(new KvAnswer.SeqNumTooOld(4, 3));
    assertThat(log.put(windowed("c", 2, 0), "k")).isEqualTo(new KvAnswer.SeqNumTooOld(4, 3));
    assertThat(log.put(windowed("c", 3, 0), "k")).isEqualTo(new KvAnswer.SeqNumTooOld(4, 3));
    assertThat(log.version("k")).isEqualTo(2);
  }

  @Test
  void theFloorRisesFirstWhateverBecomesOfTheRequest() {
    log.put(windowed("c", 1, 0), "k");
    log.put(windowed("c", 3, 0), "k");

    // A duplicate, a refused reuse, and one that is ahead: each raises the floor.
    assertThat(log.put(windowed("c", 3, 1), "k").deduplicated()).isTrue();
    assertThat(log.outcome("c", 1).kind()).isEqualTo(RequestOutcome.Kind.EXPIRED);
    assertThat(log.put(windowed("c", 3, 2), "k", "other"))
        .isInstanceOf(KvAnswer.SeqNumReused.class);
    assertThat(log.put(windowed("c", 2, 0), "k")).isEqualTo(new KvAnswer.SeqNumTooOld(3, 2));
    assertThat(log.put(windowed("c", 9, 4), "k")).isEqualTo(new KvAnswer.SeqNumAhead(4, WINDOW));
    assertThat(log.put(windowed("c", 4, 0), "k")).isEqualTo(new KvAnswer.SeqNumTooOld(3, 4));
    assertThat(log.version("k")).isEqualTo(2);
  }

  /** The floor rises before the window is looked at: the request makes its own room. */
  @Test
  void theOwnAckMakesRoomForTheRequest() {
    log.put(windowed("c", 1, 0), "k");

    assertThat(log.put(windowed("c", 1_000, 999), "k")).isInstanceOf(KvAnswer.PutDone.class);
  }

  @Test
  void aLowerAckDoesNotLowerTheFloor() {
    log.put(windowed("c", 4, 3), "k");
    log.put(windowed("c", 5, 0), "k");

    assertThat(log.put(windowed("c", 3, 0), "k")).isEqualTo(new KvAnswer.SeqNumTooOld(5, 3));
    assertThat(log.put(windowed("c", 8, 0), "k")).isEqualTo(new KvAnswer.SeqNumAhead(3, WINDOW));
  }

  @Test
  void answersUpToTheAckAreForgotten() {
    for (int seqNum = 1; seqNum <= 4; seqNum++) {
      log.put(windowed("c", seqNum, 0), "k");
    }
    long stored = log.machine.storedAnswerBytes();

    log.put(windowed("c", 4, 2), "k");

    assertThat(log.machine.storedAnswerBytes()).isEqualTo(stored / 2);
  }

  @Test
  void ackSeqZeroMakesASessionWindowed() {
    log.put(windowed("c", 2, 0), "k");

    assertThat(log.put(simple("c", 3), "k"))
        .isEqualTo(new KvAnswer.WrongSessionKind(SessionKind.WINDOWED));
    assertThat(log.put(windowed("c", 1, 0), "k")).isInstanceOf(KvAnswer.PutDone.class);
  }

  @Test
  void ackSeqHasToBeBelowSeqNum() {
    assertThatThrownBy(() -> windowed("c", 3, 3)).isInstanceOf(MalformedInput.class);
    assertThatThrownBy(() -> windowed("c", 3, 4)).isInstanceOf(MalformedInput.class);
    assertThatThrownBy(() -> windowed("c", 3, -1)).isInstanceOf(MalformedInput.class);
  }

  @Test
  void theWindowDoesNotOverflowAtTheLargestNumbers() {
    long last = Long.MAX_VALUE;

    assertThat(log.put(windowed("c", last, last - 1), "k")).isInstanceOf(KvAnswer.PutDone.class);
    assertThat(log.put(windowed("c", last, 0), "k").deduplicated()).isTrue();
    assertThat(log.put(windowed("d", last, 0), "k")).isInstanceOf(KvAnswer.SeqNumAhead.class);
  }
}
