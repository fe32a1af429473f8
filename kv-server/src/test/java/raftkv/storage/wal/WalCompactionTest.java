package raftkv.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static raftkv.storage.wal.WalFixture.cut;
import static raftkv.storage.wal.WalFixture.entries;
import static raftkv.storage.wal.WalFixture.reset;
import static raftkv.storage.wal.WalFixture.term;
import static raftkv.storage.wal.WalFixture.vote;
import static raftkv.storage.wal.WalFixture.write;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import raftkv.port.StorageFailure;
import raftkv.raft.LogPosition;
import raftkv.raft.Write;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.MemoryDisk.PowerCut;
import raftkv.storage.disk.Survival;

/** What a snapshot covers may go from the log: nothing else, in order, and not the newest vote. */
final class WalCompactionTest {
  private static final String CHANGING = "(write|force|create|rename|delete|lock|unlock) .*";

  private MemoryDisk disk = new MemoryDisk();
  private WalFixture node = new WalFixture(disk);
  private PromisedStates states = new PromisedStates();
  private long ticket;

  @Test
  void deletesWholeSegmentsOldestFirstAndForcesEach() {
    fillSegments(40);
    long told = disk.trace().size();

    compact(30);

    List<String> calls = disk.trace().subList((int) told, disk.trace().size());
    assertThat(calls).hasSizeGreaterThan(4);
    for (int i = 0; i < calls.size(); i += 2) {
      assertThat(calls.get(i)).isEqualTo("delete " + Segments.name(i / 2 + 1));
      assertThat(calls.get(i + 1)).isEqualTo("force directory");
    }
    RecoveredLog found = restarted(Survival.none());
    assertThat(found.base().index()).isBetween(20L, 30L);
    assertThat(found.entries())
        .isEqualTo(entries(found.base().index() + 1, (int) (40 - found.base().index()), 1, 3000));
  }

  @Test
  void countsWhatIsStored() {
    fillSegments(40);
    long before = node.wal.files().bytes();

    compact(40);

    assertThat(before).isGreaterThan(40 * 3000);
    assertThat(node.wal.files().bytes()).isEqualTo(WalFixture.SMALL.segmentSizeBytes());
  }

  @Test
  void saysWhatASnapshotWouldFreeAndWhereToBeginToKeepSoMuch() {
    fillSegments(40);
    long segment = WalFixture.SMALL.segmentSizeBytes();
    assertThat(node.wal.files().bytesBehind(40)).isEqualTo(segment);
    assertThat(node.wal.files().bytesBehind(0)).isEqualTo(node.wal.files().bytes());
    long behind = node.wal.files().bytesBehind(30);

    long base = node.wal.files().baseFor(30, 2 * segment + 1);
    compact(base);

    assertThat(base).isBetween(1L, 30L);
    assertThat(node.wal.files().bytesBehind(30)).isEqualTo(behind);
    assertThat(node.wal.files().bytes()).isEqualTo(behind + 2 * segment);
    assertThat(restarted(Survival.none()).base().index()).isEqualTo(base);
    node.run();
    assertThat(node.wal.files().bytes()).isEqualTo(behind + 2 * segment);
  }

  /** Hazard 118: the vote was written long before the segments that go. */
  @Test
  void keepsTheNewestVote() {
    append(write(++ticket, vote(7, 3), List.of(), 0));
    append(write(++ticket, vote(7, 3), entries(1, 40, 7, 3000), 0));

    compact(40);

    assertThat(restarted(Survival.none()).hardState()).isEqualTo(vote(7, 3));
  }

  @Test
  void goesOnAfterARestartWhereItHasStopped() {
    fillSegments(40);
    compact(20);
    long base = restarted(Survival.none()).base().index();
    node.run();

    compact(40);

    assertThat(base).isBetween(10L, 20L);
    assertThat(restarted(Survival.none()).base().index()).isBetween(30L, 40L);
  }

  /** What was cut away reaches back over the beginning of a segment, before and after a restart. */
  @Test
  void keepsASegmentInFrontOfWhichTheLogWasCut() {
    fillSegments(20);
    append(cut(++ticket, term(2), 9, entries(9, 2, 2, 3000), 8));
    compact(8);
    RecoveredLog found = restarted(Survival.none());
    node.run();
    compact(9);

    assertThat(found.base().index()).isLessThanOrEqualTo(8);
    RecoveredLog again = restarted(Survival.none());
    assertThat(again.base().index() + again.entries().size()).isEqualTo(10);
    assertThat(again.entries()).endsWith(entries(10, 1, 2, 3000).get(0));
  }

  /** Half of a compaction may leave a beginning in front of which the log was cut later. */
  @Test
  void passesOverWhatACompactionHasLeft() {
    append(write(++ticket, term(1), entries(1, 12, 1, 3000), 5));
    append(cut(++ticket, term(2), 6, entries(6, 20, 2, 3000), 8));
    int[] left = {2};
    disk.guard(
        call -> {
          if (call.startsWith("delete ") && left[0]-- == 0) {
            throw new PowerCut(call);
          }
        });
    try {
      compact(20);
    } catch (PowerCut expected) {
      // two of the segments are gone, the third begins behind index 5
    }

    RecoveredLog found = restarted(Survival.none());

    assertThat(found.base().term()).isEqualTo(2);
    assertThat(PromisedStates.State.of(found)).matches(states::isAllowedBehindSnapshot);
    node.run();
    compact(20);
    assertThat(restarted(Survival.none()).base().index()).isBetween(14L, 20L);
  }

  /** Segments that somebody took away are no compaction. */
  @Test
  void refusesALogThatIsCutInFrontOfItsBeginning() throws IOException {
    append(write(++ticket, term(1), entries(1, 12, 1, 3000), 5));
    append(cut(++ticket, term(2), 6, List.of(), 5));
    disk = disk.crash(Survival.none());
    disk.delete(Segments.name(1));
    disk.delete(Segments.name(2));

    assertThatThrownBy(() -> new WalFixture(disk))
        .isInstanceOf(StorageFailure.class)
        .hasMessageContaining("the log is cut in front of what the oldest segment holds");
  }

  @Test
  void endsTheNodeWhenADeletionFails() {
    fillSegments(40);
    disk.guard(MemoryDisk.Guard.fail("delete", "no luck"));

    compact(40);

    assertThat(node.failures).hasSize(1);
    assertThat(node.failures.get(0))
        .hasMessage(
            "deletion of disk/segment-0000000001.wal at offset 0 failed: no luck (IOException)");
  }

  @Test
  void startsWithAllThatWasPromisedAfterACrashAtAnyCall() {
    SplittableRandom random = new SplittableRandom(11);
    int starts = 0;
    boolean ended = false;
    for (int calls = 0; !ended; calls++) {
      ended = liveUntil(calls);
      MemoryDisk crashed = disk;
      for (Survival survival :
          List.of(Survival.none(), Survival.all(), Survival.random(random.split()))) {
        disk = crashed.crash(survival);
        WalFixture again = new WalFixture(disk);

        assertThat(PromisedStates.State.of(again.recovered))
            .as("at call %d", calls)
            .matches(states::isAllowedBehindSnapshot, "is what was promised");
        starts++;
      }
    }
    assertThat(starts).isGreaterThan(300);
  }

  /** A log that was compacted, then crashed, is one that can be compacted further. */
  @Test
  void compactsAgainBehindACrash() {
    SplittableRandom random = new SplittableRandom(12);
    boolean ended = false;
    for (int calls = 0; !ended; calls++) {
      ended = liveUntil(calls);
      disk = disk.crash(Survival.random(random));
      node = new WalFixture(disk);
      node.run();
      long last = lastIndex(node.recovered);
      node.appendAndRun(write(1, vote(50, 3), entries(last + 1, 12, 50, 3000), last));
      node.wal.compact(last + 12);
      node.run();

      RecoveredLog found = restarted(Survival.none());
      assertThat(found.hardState()).as("at call %d", calls).isEqualTo(vote(50, 3));
      assertThat(lastIndex(found)).isEqualTo(last + 12);
      assertThat(found.base().index()).isGreaterThan(last);
    }
  }

  /** Whether the whole life ended before that many changing calls. */
  private boolean liveUntil(int calls) {
    disk = new MemoryDisk();
    states = new PromisedStates();
    ticket = 0;
    int[] left = {calls};
    disk.guard(
        call -> {
          if (call.matches(CHANGING) && left[0]-- == 0) {
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

  /** Own snapshots, a conflict, a snapshot from the leader behind which text goes on, the end. */
  private void live() {
    node = new WalFixture(disk);
    node.run();
    append(write(++ticket, vote(1, 2), entries(1, 9, 1, 3000), 0));
    compact(6);
    append(write(++ticket, term(2), entries(10, 5, 2, 3000), 8));
    append(cut(++ticket, vote(3, 1), 10, entries(10, 2, 3, 900), 9));
    compact(9);
    append(write(++ticket, vote(3, 1), entries(12, 8, 3, 2000), 11));
    compact(15);
    append(reset(++ticket, term(4), new LogPosition(17, 4), List.of(), 17));
    compact(17);
    append(write(++ticket, vote(5, 3), entries(18, 9, 5, 2500), 17));
    append(reset(++ticket, term(6), new LogPosition(100, 6), entries(101, 8, 6, 2500), 100));
    compact(104);
    node.close();
  }

  private void fillSegments(int count) {
    append(write(++ticket, term(1), entries(1, count, 1, 3000), count));
  }

  private void append(Write write) {
    states.appended(write);
    node.appendAndRun(write);
    assertThat(node.persisted).endsWith(write.ticket());
    states.allPromised();
  }

  /** A snapshot is durable, so that its index may be told. */
  private void compact(long throughIndex) {
    states.snapshotCovers(throughIndex);
    node.wal.compact(throughIndex);
    node.run();
  }

  private RecoveredLog restarted(Survival survival) {
    disk = disk.crash(survival);
    node = new WalFixture(disk);
    return node.recovered;
  }

  private static long lastIndex(RecoveredLog log) {
    return log.base().index() + log.entries().size();
  }
}
