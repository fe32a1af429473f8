package raftkv.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuestionsTest {
  @Test
  void atMostFiveQuestionsASecondHoweverManyWait() {
    Questions questions = new Questions(RetryPolicy.DEFAULT);
    int asked = 0;
    for (long milli = 0; milli < 2_000; milli++) {
      asked += questions.mayAsk(milli * 1_000_000) ? 1 : 0;
    }

    assertThat(asked).isEqualTo(10);
  }

  @Test
  void clockMayBeNegativeAsNanoTimeIs() {
    Questions questions = new Questions(RetryPolicy.DEFAULT);

    assertThat(questions.mayAsk(Long.MIN_VALUE + 5)).isTrue();
    assertThat(questions.mayAsk(Long.MIN_VALUE + 6)).isFalse();
    assertThat(questions.mayAsk(Long.MIN_VALUE + 200_000_005)).isTrue();
  }
}
