package raftkv.bench.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GapTest {
  private static final long MILLI = 1_000_000;

  /** A write each millisecond, answered after 1 ms; none between two moments, then all at once. */
  private static List<Ack> silentFrom(long fromMs, long toMs) {
    List<Ack> acks = new ArrayList<>();
    for (long due = 0; due < 2_000; due++) {
      long done = due + 1;
      boolean silent = done > fromMs && done < toMs;
      acks.add(new Ack(due * MILLI, (silent ? toMs : done) * MILLI));
    }
    return acks;
  }

  @Test
  void findsAGapToTheMillisecond() {
    for (long length = 2; length < 900; length += 37) {
      Gap gap = Gap.longest(silentFrom(1_000, 1_000 + length), 1_000 * MILLI, 2_100 * MILLI);

      assertThat(gap).isEqualTo(new Gap(1_000 * MILLI, (1_000 + length) * MILLI));
      assertThat(gap.nanos()).isEqualTo(length * MILLI);
    }
  }

  @Test
  void theOrderInWhichAnswersAreListedDoesNotMatter() {
    List<Ack> acks = silentFrom(1_010, 1_333);
    Collections.shuffle(acks, new Random(7));

    assertThat(Gap.longest(acks, 1_000 * MILLI, 2_100 * MILLI).nanos()).isEqualTo(323 * MILLI);
  }

  @Test
  void aLongerSilenceBeforeTheStrikeDoesNotCount() {
    List<Ack> acks = silentFrom(200, 700);
    acks.removeIf(ack -> ack.doneNanos() > 1_005 * MILLI && ack.doneNanos() < 1_045 * MILLI);

    assertThat(Gap.longest(acks, 1_000 * MILLI, 2_100 * MILLI))
        .isEqualTo(new Gap(1_005 * MILLI, 1_045 * MILLI));
  }

  @Test
  void aSilenceAcrossTheStrikeCountsWhole() {
    assertThat(Gap.longest(silentFrom(990, 1_060), 1_000 * MILLI, 2_100 * MILLI))
        .isEqualTo(new Gap(990 * MILLI, 1_060 * MILLI));
  }

  @Test
  void withoutAnyAnswerAfterTheStrikeTheGapLastsToTheEnd() {
    List<Ack> acks = new ArrayList<>(silentFrom(0, 1));
    acks.removeIf(ack -> ack.doneNanos() > 998 * MILLI);

    assertThat(Gap.longest(acks, 1_000 * MILLI, 2_100 * MILLI))
        .isEqualTo(new Gap(998 * MILLI, 2_100 * MILLI));
  }
}
