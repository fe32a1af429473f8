package raftkv.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.MemoryDisk.PowerCut;
import raftkv.storage.disk.Survival;

/**
 * Power cuts at every call of a log's life, with every kind of remains. After each the log must
 * start, with all that was promised and nothing that was not written.
 */
final class WalCrashTest {
  /** A log's life up to a power cut in front of one call, and what was promised by then. */
  private record Life(MemoryDisk disk, WalScript script, boolean ended) {
    /**
     * @param calls how many changing calls there are before the cut
     */
    static Life until(int calls) {
      MemoryDisk disk = new MemoryDisk();
      WalScript script = new WalScript(WalScript.Life.WITH_RESET);
      return new Life(disk, script, endsBefore(disk, calls, () -> script.run(disk)));
    }

    List<PromisedStates.State> allowed() {
      return script.states.allowed();
    }
  }

  @Test
  void startsWithAllThatWasPromisedAfterACrashAtAnyCall() {
    int starts = 0;
    Life life = Life.until(0);
    for (int calls = 1; !life.ended; calls++) {
      for (Survival survival : survivals(calls)) {
        WalFixture node = new WalFixture(life.disk.crash(survival));

        assertThat(PromisedStates.State.of(node.recovered))
            .as("at call %d", calls)
            .isIn(life.allowed());
        starts++;
      }
      life = Life.until(calls);
    }
    assertThat(starts).isGreaterThan(400);
  }

  /** The write under way is cut at every byte, finer than a disk would. */
  @Test
  void startsWithAllThatWasPromisedWhereverTheLastWriteIsCut() {
    int cuts = 0;
    Life life = Life.until(0);
    for (int calls = 1; !life.ended; calls++) {
      int bytes = life.disk.lastUnforcedBytes();
      int step = bytes == WalFixture.SMALL.segmentSizeBytes() ? 997 : 1; // zeros over nothing
      for (int at = 0; at < bytes; at += step) {
        MemoryDisk left = life.disk.crash(Survival.cutLastWriteAt(at));
        WalFixture node = new WalFixture(left);

        assertThat(PromisedStates.State.of(node.recovered))
            .as("at call %d, byte %d", calls, at)
            .isIn(life.allowed());
        cuts++;
      }
      life = Life.until(calls);
    }
    assertThat(cuts).isGreaterThan(10_000);
  }

  /** Hazards 73, 118 and 119: what the first recovery repairs, the second must find repaired. */
  @Test
  void survivesASecondCrashInTheMiddleOfTheRecovery() {
    SplittableRandom random = new SplittableRandom(7);
    Life life = Life.until(0);
    for (int calls = 1; !life.ended; calls++) {
      boolean ended = false;
      for (int second = 0; !ended; second++) {
        MemoryDisk disk = life.disk.crash(Survival.random(random));
        List<PromisedStates.State> found = new ArrayList<>();
        ended =
            endsBefore(
                disk,
                second,
                () -> found.add(PromisedStates.State.of(new WalFixture(disk).recovered)));
        WalFixture node = new WalFixture(disk.crash(Survival.random(random)));

        assertThat(PromisedStates.State.of(node.recovered))
            .as("at calls %d and %d", calls, second)
            .isIn(found.isEmpty() ? life.allowed() : found);
      }
      life = Life.until(calls);
    }
  }

  /** What is appended behind a repaired tail is found again, and only that. */
  @Test
  void appendsBehindATornTail() {
    SplittableRandom random = new SplittableRandom(8);
    Life life = Life.until(0);
    for (int calls = 1; !life.ended; calls++) {
      MemoryDisk disk = life.disk.crash(Survival.random(random));
      WalFixture node = new WalFixture(disk);
      new WalScript(WalScript.Life.WITH_RESET).appendOne(node);
      PromisedStates.State before = PromisedStates.State.of(node.recovered);

      WalFixture again = new WalFixture(disk.crash(Survival.none()));

      assertThat(node.persisted).as("at call %d", calls).containsExactly(1L);
      assertThat(again.recovered.hardState()).isEqualTo(WalFixture.vote(50, 3));
      assertThat(again.recovered.entries().subList(0, before.entries().size()))
          .isEqualTo(before.entries());
      assertThat(again.recovered.entries()).hasSize(before.entries().size() + 1);
      life = Life.until(calls);
    }
  }

  private static List<Survival> survivals(int seed) {
    List<Survival> survivals = new ArrayList<>(List.of(Survival.none(), Survival.all()));
    for (int i = 0; i < 4; i++) {
      survivals.add(Survival.random(new SplittableRandom(seed * 31L + i)));
    }
    return survivals;
  }

  /**
   * Whether the work ends before the power is cut, in front of the changing call of that number.
   */
  private static boolean endsBefore(MemoryDisk disk, int calls, Runnable work) {
    int[] left = {calls};
    disk.guard(
        call -> {
          boolean changes = call.matches("(write|force|create|rename|delete|lock|unlock) .*");
          if (changes && left[0]-- == 0) {
            throw new PowerCut(call);
          }
        });
    try {
      work.run();
      return true;
    } catch (PowerCut expected) {
      return false;
    }
  }
}
