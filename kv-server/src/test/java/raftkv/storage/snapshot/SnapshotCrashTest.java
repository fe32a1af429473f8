package raftkv.storage.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import raftkv.port.SnapshotFile;
import raftkv.port.StateHash;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.MemoryDisk.PowerCut;
import raftkv.storage.disk.Survival;

/**
 * Power cuts at every call of a life in which snapshots are saved, received and deleted. After each
 * the old or the new one is there, valid, and never none when there was one.
 */
final class SnapshotCrashTest {
  private final MemoryDisk senderDisk = new MemoryDisk();
  private final SnapshotFixture sender = new SnapshotFixture(senderDisk);
  private final SnapshotFile first = sender.saved(10);
  private final SnapshotFile theirs = sender.saved(60);

  /** A life up to a power cut in front of one call. */
  private final class Life {
    final MemoryDisk disk = new MemoryDisk();

    /** The newest at each moment since the last that was reported: what a start may find. */
    final List<StateHash> allowed = new ArrayList<>(List.of(StateHash.EMPTY));

    final boolean ended;

    Life(int calls) {
      ended = endsBefore(calls);
    }

    private boolean endsBefore(int calls) {
      int[] left = {calls};
      disk.guard(
          call -> {
            boolean changes = call.matches("(write|force|create|rename|delete|lock|unlock) .*");
            if (changes && left[0]-- == 0) {
              throw new PowerCut(call);
            }
          });
      try {
        live();
        return true;
      } catch (PowerCut expected) {
        return false;
      }
    }

    private void live() {
      SnapshotFixture node = new SnapshotFixture(disk);
      receive(node, first);
      for (long index : new long[] {20, 30, 40}) {
        save(node, index);
      }
      receive(node, theirs);
      save(node, 70);
    }

    private void receive(SnapshotFixture node, SnapshotFile file) {
      allowed.add(file.hash());
      node.receive(sender, file, 2_000);
      reported();
    }

    private void save(SnapshotFixture node, long index) {
      allowed.add(StoredStates.at(index).machine.hash());
      node.saved(index);
      reported();
    }

    private void reported() {
      StateHash last = allowed.get(allowed.size() - 1);
      allowed.clear();
      allowed.add(last);
    }
  }

  @Test
  void theOldOrTheNewOneIsThereAfterACrashAtAnyCall() {
    int starts = 0;
    Life life = new Life(0);
    for (int calls = 1; !life.ended; calls++) {
      for (Survival survival : survivals(calls)) {
        check("call " + calls, life, life.disk.crash(survival));
        starts++;
      }
      life = new Life(calls);
    }
    check("the end", life, life.disk.crash(Survival.none()));
    assertThat(starts).isGreaterThan(250);
  }

  /** The last write is cut finer than a disk would. */
  @Test
  void theOldOrTheNewOneIsThereWhereverTheLastWriteIsCut() {
    int cuts = 0;
    Life life = new Life(0);
    for (int calls = 1; !life.ended; calls++) {
      int bytes = life.disk.lastUnforcedBytes();
      for (int at = 0; at < bytes; at += 7) {
        check("call " + calls + ", byte " + at, life, life.disk.crash(Survival.cutLastWriteAt(at)));
        cuts++;
      }
      life = new Life(calls);
    }
    assertThat(cuts).isGreaterThan(1_000);
  }

  /** A file with a snapshot's name is whole: nothing is set aside, no warning is given. */
  private static void check(String when, Life life, MemoryDisk left) {
    SnapshotFixture again = new SnapshotFixture(left);
    SnapshotFile newest = again.found.newest();

    assertThat(newest == null ? StateHash.EMPTY : newest.hash()).as(when).isIn(life.allowed);
    if (newest != null) {
      assertThat(Objects.requireNonNull(again.found.image()).hash()).isEqualTo(newest.hash());
    }
    assertThat(names(left)).as(when).noneMatch(SnapshotNames::isUnfinished);
    assertThat(again.warnings).as(when).allMatch(line -> line.contains("identity"));
    assertThat(left.trace()).noneMatch(call -> call.contains("damaged"));
  }

  private static List<String> names(MemoryDisk disk) {
    try {
      return disk.list();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Survival> survivals(int seed) {
    List<Survival> survivals = new ArrayList<>(List.of(Survival.none(), Survival.all()));
    for (int i = 0; i < 4; i++) {
      survivals.add(Survival.random(new SplittableRandom(seed * 31L + i)));
    }
    return survivals;
  }
}
