package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadQuestionsTest {
  private final ReadQuestions questions = new ReadQuestions(new Xoshiro256(1));

  @Test
  void letsAReadJoinTheNextQuestionOnly() {
    questions.add(1);
    long first = questions.ask();
    questions.add(2);

    assertThat(questions.takeAnswered(first)).containsExactly(1L);
    assertThat(questions.wantsQuestion()).isTrue();
  }

  @Test
  void takesAnAnswerForAllEarlierQuestions() {
    questions.add(1);
    questions.ask();
    questions.add(2);
    long second = questions.ask();
    questions.add(3);
    questions.ask();

    assertThat(questions.takeAnswered(second)).containsExactly(1L, 2L);
    assertThat(questions.hasUnanswered()).isTrue();
  }

  @Test
  void ignoresAnswersToQuestionsThatAreNotOpen() {
    questions.add(1);
    long first = questions.ask();
    questions.takeAll();
    questions.add(2);
    long second = questions.ask();

    assertThat(questions.takeAnswered(first)).isEmpty();
    assertThat(questions.takeAnswered(second + 1)).isEmpty();
    assertThat(questions.takeAnswered(second)).containsExactly(2L);
  }

  /** Whoever hears its leader and is not heard asks again ten times a second, for ever. */
  @Test
  void keepsOneRepetitionHoweverOftenItAsks() {
    questions.add(1);
    long first = questions.ask();
    for (int i = 0; i < 100; i++) {
      questions.ask();
    }
    questions.add(2);
    long second = questions.ask();
    long last = questions.ask();

    assertThat(questions.unanswered()).isEqualTo(4);
    assertThat(questions.takeAnswered(first + 50)).containsExactly(1L);
    assertThat(questions.takeAnswered(second)).containsExactly(2L);
    assertThat(questions.takeAnswered(last)).isEmpty();
    assertThat(questions.hasUnanswered()).isFalse();
  }

  @Test
  void numbersTheQuestionsOfAnotherRunOtherwise() {
    ReadQuestions otherRun = new ReadQuestions(new Xoshiro256(2));

    assertThat(questions.ask()).isPositive().isNotEqualTo(otherRun.ask());
  }
}
