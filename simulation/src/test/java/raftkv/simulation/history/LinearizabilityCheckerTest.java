package raftkv.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Good histories pass, and each way in which a store can lie is caught. */
class LinearizabilityCheckerTest {
  private static final LinearizabilityChecker CHECKER = new LinearizabilityChecker(1_000_000);

  private static void assertGood(Story story) {
    assertThat(CHECKER.check(story.operations())).isInstanceOf(Verdict.Linearizable.class);
  }

  private static void assertBad(Story story) {
    assertThat(CHECKER.check(story.operations())).isInstanceOf(Verdict.Violated.class);
  }

  @Nested
  class Good {
    @Test
    void oneAfterTheOther() {
      assertGood(
          new Story()
              .get(1, 0, 1, null)
              .put(1, 2, 3, "a")
              .get(2, 4, 5, "a")
              .swap(1, 6, 7, "a", "b")
              .swapRefused(2, 8, 9, "a", "b")
              .delete(1, 10, 11, "b")
              .delete(1, 12, 13, null)
              .get(2, 14, 15, null));
    }

    @Test
    void aDeleteWithAConditionRemovesWhatItExpects() {
      assertGood(
          new Story()
              .put(1, 0, 1, "a")
              .deleteRefused(2, 2, 3, "b", "a")
              .deleteStored(1, 4, 5, "a")
              .deleteRefused(2, 6, 7, "a", null)
              .put(1, 8, 9, "c")
              .lostDeleteStored(2, 10, "c")
              .get(1, 11, 12, "c")
              .get(1, 13, 14, null));
    }

    @Test
    void readsDuringAWriteMaySeeEitherSideOfIt() {
      assertGood(new Story().put(1, 0, 10, "a").get(2, 1, 2, null).get(2, 3, 4, "a"));
    }

    @Test
    void overlappingWritesTakeTheOrderThatTheReadsSaw() {
      assertGood(
          new Story()
              .put(1, 0, 10, "a")
              .put(2, 0, 10, "b")
              .get(3, 2, 4, "b")
              .get(3, 5, 6, "a")
              .get(4, 11, 12, "a"));
    }

    @Test
    void aWriteOfUnknownFateMayHaveHappened() {
      assertGood(new Story().put(1, 0, 1, "a").lostPut(2, 2, "b").get(3, 100, 101, "b"));
    }

    @Test
    void aWriteOfUnknownFateMayHappenMuchLater() {
      assertGood(
          new Story()
              .put(1, 0, 1, "a")
              .lostPut(2, 2, "b")
              .get(3, 10, 11, "a")
              .put(1, 12, 13, "c")
              .get(3, 14, 15, "c")
              .get(3, 20, 21, "b"));
    }

    @Test
    void aWriteOfUnknownFateMayNeverHappen() {
      assertGood(
          new Story()
              .put(1, 0, 1, "a")
              .lostSwap(2, 2, "a", "b")
              .lostDelete(2, 3)
              .get(3, 9, 10, "a"));
    }

    @Test
    void aSwapOfUnknownFateMayBuildOnAnotherOne() {
      assertGood(
          new Story()
              .lostPut(1, 0, "a")
              .lostSwap(2, 1, "a", "b")
              .lostSwap(3, 2, "b", "c")
              .get(4, 10, 11, "c"));
    }

    @Test
    void manyWritesOfUnknownFateCostLittle() {
      Story story = new Story().put(1, 0, 1, "start");
      for (int i = 0; i < 500; i++) {
        story.lostPut(i, 2 + i, "lost-" + i);
      }
      for (int i = 0; i < 500; i++) {
        story.put(1, 1_000 + 4 * i, 1_001 + 4 * i, "v" + i);
        story.get(2, 1_002 + 4 * i, 1_003 + 4 * i, "v" + i);
      }
      for (int i = 0; i < 40; i++) {
        story.get(3, 10_000 + 2 * i, 10_001 + 2 * i, "lost-" + i);
      }

      assertThat(CHECKER.check(story.operations()))
          .isInstanceOfSatisfying(
              Verdict.Linearizable.class, good -> assertThat(good.steps()).isLessThan(200_000));
    }
  }

  @Nested
  class Bad {
    @Test
    void aDeleteRemovesWhatItDoesNotExpect() {
      assertBad(new Story().put(1, 0, 1, "a").put(2, 2, 3, "b").deleteStored(1, 4, 5, "a"));
    }

    @Test
    void aDeleteIsRefusedAlthoughItsConditionHolds() {
      assertBad(new Story().put(1, 0, 1, "a").deleteRefused(2, 2, 3, "a", "a"));
    }

    @Test
    void aLostDeleteRemovesWhatItDidNotExpect() {
      assertBad(new Story().put(1, 0, 1, "a").lostDeleteStored(2, 2, "b").get(1, 3, 4, null));
    }

    @Test
    void staleRead() {
      assertBad(new Story().put(1, 0, 1, "a").put(1, 2, 3, "b").get(2, 4, 5, "a"));
    }

    @Test
    void staleReadOfAnAbsentKey() {
      assertBad(new Story().put(1, 0, 1, "a").get(2, 2, 3, null));
    }

    @Test
    void lostWrite() {
      assertBad(
          new Story().put(1, 0, 1, "a").put(2, 2, 3, "b").get(1, 4, 5, "a").get(2, 6, 7, "a"));
    }

    @Test
    void acknowledgedSwapThatIsGone() {
      assertBad(new Story().put(1, 0, 1, "a").swap(1, 2, 3, "a", "b").swap(2, 4, 5, "a", "c"));
    }

    @Test
    void writeAppliedTwice() {
      assertBad(
          new Story()
              .put(1, 0, 1, "a")
              .get(2, 2, 3, "a")
              .put(2, 4, 5, "b")
              .get(2, 6, 7, "b")
              .get(2, 8, 9, "a"));
    }

    @Test
    void writeOfUnknownFateAppliedTwice() {
      assertBad(
          new Story().lostPut(1, 0, "a").get(2, 2, 3, "a").put(2, 4, 5, "b").get(2, 6, 7, "a"));
    }

    @Test
    void swapRefusedThoughItHadTakenEffect() {
      assertBad(new Story().put(1, 0, 1, "a").swapRefused(1, 2, 3, "a", "a"));
    }

    @Test
    void valueOutOfNowhere() {
      assertBad(new Story().put(1, 0, 1, "a").get(2, 2, 3, "z"));
    }

    @Test
    void valueFromTheFuture() {
      assertBad(new Story().get(2, 0, 1, "a").put(1, 2, 3, "a"));
    }

    @Test
    void twoReadersThatSeeOverlappingWritesInOppositeOrders() {
      assertBad(
          new Story()
              .put(1, 0, 10, "a")
              .put(2, 0, 10, "b")
              .get(3, 11, 12, "a")
              .get(4, 13, 14, "b"));
    }

    @Test
    void readThatGoesBackDuringAWrite() {
      assertBad(new Story().put(1, 0, 100, "a").get(2, 1, 2, "a").get(3, 3, 4, null));
    }

    @Test
    void deletedKeyThatComesBack() {
      assertBad(new Story().put(1, 0, 1, "a").delete(1, 2, 3, "a").get(2, 4, 5, "a"));
    }

    @Test
    void twoSwapsFromTheSameValue() {
      assertBad(new Story().put(1, 0, 1, "a").swap(1, 2, 9, "a", "b").swap(2, 2, 9, "a", "c"));
    }

    @Test
    void oneBadKeyAmongGoodOnesIsNamed() {
      History history = new History();
      new Story()
          .put(1, 0, 1, "a")
          .get(1, 2, 3, "a")
          .operations()
          .forEach(o -> history.add("k1", o));
      new Story()
          .put(1, 0, 1, "a")
          .get(1, 2, 3, null)
          .operations()
          .forEach(o -> history.add("k2", o));

      History.Report report = history.check(CHECKER);

      assertThat(report.keys()).isEqualTo(2);
      assertThat(report.operations()).isEqualTo(4);
      assertThat(report.failures()).singleElement().asString().contains("key k2");
    }
  }

  @Nested
  class Limits {
    @Test
    void reachingTheLimitIsSaidAndIsAFailure() {
      Story story = new Story();
      for (int i = 0; i < 20; i++) {
        story.put(i, 0, 1_000, "v" + i);
      }
      History history = new History();
      story.operations().forEach(operation -> history.add("k", operation));

      Verdict verdict = new LinearizabilityChecker(1_000).check(story.operations());
      History.Report report = history.check(new LinearizabilityChecker(1_000));

      assertThat(verdict).isInstanceOf(Verdict.GaveUp.class);
      assertThat(report.failures()).hasSize(1);
    }

    @Test
    void moreOpenOperationsThanBitsIsSaid() {
      Story story = new Story();
      for (int i = 0; i < 65; i++) {
        story.put(i, i, 1_000, "v" + i);
      }

      assertThat(CHECKER.check(story.operations())).isInstanceOf(Verdict.GaveUp.class);
    }

    @Test
    void anEmptyHistoryIsGood() {
      assertThat(CHECKER.check(List.of())).isEqualTo(new Verdict.Linearizable(0));
    }
  }
}
