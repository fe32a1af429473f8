package raftkv.client.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SessionWindowTest {
  private final SessionWindow window = new SessionWindow("c", 7, 4);

  @Test
  void numbersBeginAtOneAndTheFloorAtZero() {
    assertThat(window.open()).isEqualTo(new RequestId("c", 1, 7));
    assertThat(window.ackSeq()).isZero();
    assertThat(window.sessionStart()).isEqualTo(7);
  }

  @Test
  void resumedSessionGoesOnAboveItsFloor() {
    SessionWindow resumed = SessionWindow.resumed("c", 7, 4, 40);

    assertThat(resumed.ackSeq()).isEqualTo(40);
    assertThat(resumed.open()).isEqualTo(new RequestId("c", 41, 7));
    resumed.open();
    resumed.open();
    assertThat(resumed.hasRoom()).isTrue();
    resumed.open();
    assertThat(resumed.hasRoom()).isFalse();
    resumed.settle(41);
    assertThat(resumed.ackSeq()).isEqualTo(41);
  }

  @Test
  void floorRisesOnlyOverWhatIsSettledWithoutAGap() {
    open(3);

    window.settle(2);
    assertThat(window.ackSeq()).isZero();
    window.settle(1);
    assertThat(window.ackSeq()).isEqualTo(2);
    window.settle(3);
    assertThat(window.ackSeq()).isEqualTo(3);
  }

  @Test
  void floorStaysBelowEveryNumberInUse() {
    open(1);
    window.settle(1);

    RequestId next = window.open();

    assertThat(window.ackSeq()).isLessThan(next.seqNum());
  }

  @Test
  void fullWindowHasNoRoomUntilItsLowestNumberIsSettled() {
    open(4);
    assertThat(window.hasRoom()).isFalse();
    assertThatThrownBy(window::open).isInstanceOf(IllegalStateException.class);

    window.settle(2);
    assertThat(window.hasRoom()).isFalse();
    window.settle(1);
    assertThat(window.hasRoom()).isTrue();
  }

  @Test
  void abandonedNumberIsKeptUntilItTakesHalfOfTheWindow() {
    open(2);
    window.abandon(1);
    window.settle(2);
    assertThat(window.ackSeq()).isZero();

    window.open();
    window.settle(3);

    assertThat(window.ackSeq()).isEqualTo(3);
  }

  @Test
  void openNumberIsNeverPassedHoweverFullTheWindow() {
    open(4);

    window.settle(2);
    window.settle(3);
    window.abandon(4);

    assertThat(window.ackSeq()).isZero();
  }

  @Test
  void narrowedWindowOpensFewer() {
    open(1);

    window.narrow(1);

    assertThat(window.hasRoom()).isFalse();
    window.settle(1);
    assertThat(window.hasRoom()).isTrue();
  }

  @Test
  void numberBelowTheFloorIsNotInUse() {
    open(1);
    window.settle(1);

    assertThatThrownBy(() -> window.settle(1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void manyRoundsThroughTheRingKeepTheCount() {
    for (long seq = 1; seq <= 1_000; seq++) {
      assertThat(window.open().seqNum()).isEqualTo(seq);
      window.settle(seq);
      assertThat(window.ackSeq()).isEqualTo(seq);
    }
  }

  private void open(int numbers) {
    for (int i = 0; i < numbers; i++) {
      window.open();
    }
  }
}
