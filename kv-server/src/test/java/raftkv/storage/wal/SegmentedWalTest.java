package raftkv.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static raftkv.storage.wal.WalFixture.cut;
import static raftkv.storage.wal.WalFixture.entries;
import static raftkv.storage.wal.WalFixture.entry;
import static raftkv.storage.wal.WalFixture.term;
import static raftkv.storage.wal.WalFixture.vote;
import static raftkv.storage.wal.WalFixture.write;

import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import raftkv.port.ExitCode;
import raftkv.port.LogRoom;
import raftkv.raft.Check;
import raftkv.raft.LogEntry;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.Survival;

final class SegmentedWalTest {
  private static final WalConfig CONFIG = WalFixture.MEDIUM;
  private static final long IDLE = CONFIG.idleNanos();

  private final MemoryDisk disk = new MemoryDisk();
  private WalFixture node = new WalFixture(disk, CONFIG);
  private int told;

  @BeforeEach
  void prepareAhead() {
    node.run();
    told = disk.trace().size();
  }

  @Test
  void makesOneBatchAndOneForceOfAllQueuedWrites() {
    for (int ticket = 1; ticket <= 5; ticket++) {
      node.wal.append(write(ticket, term(1), entries(ticket, 1, 1, 10), 0));
    }
    node.run();

    assertThat(calls())
        .containsExactly(
            "write segment-0000000001.wal 8704+512",
            "force segment-0000000001.wal",
            "-> persisted 5");
  }

  @Test
  void keepsVoteAndEntriesInOneStream() {
    node.wal.append(write(1, term(4), entries(1, 2, 4, 10), 1));
    node.wal.append(write(2, vote(5, 3), List.of(), 2));
    node.run();

    assertThat(calls()).filteredOn(call -> call.startsWith("force")).hasSize(1);
    RecoveredLog found = restarted().recovered;
    assertThat(found.hardState()).isEqualTo(vote(5, 3));
    assertThat(found.entries()).isEqualTo(entries(1, 2, 4, 10));
    assertThat(found.commitIndex()).isEqualTo(2);
  }

  @Test
  void promisesNothingBeforeTheForce() {
    disk.guard(
        call -> {
          if (call.startsWith("force")) {
            assertThat(node.persisted).isEmpty();
          }
        });

    node.appendAndRun(write(1, term(1), entries(1, 1, 1, 10), 0));

    assertThat(node.persisted).containsExactly(1L);
  }

  @Test
  void countsBytesUntilTheyAreForced() {
    List<LogEntry> entries = entries(1, 2, 1, 100);
    node.wal.append(write(1, term(1), entries, 0));
    assertThat(node.wal.unwrittenBytes()).isEqualTo(128 + 2 * 125);

    node.run();

    assertThat(node.wal.unwrittenBytes()).isZero();
  }

  @Test
  void limitsABatchButTakesOneEntryOfAnySize() {
    node.appendAndRun(write(1, term(1), entries(1, 4, 1, 2500), 0)); // a batch has 4 KiB

    assertThat(calls())
        .containsExactly(
            "write segment-0000000001.wal 8704+6144",
            "force segment-0000000001.wal",
            "write segment-0000000001.wal 14848+6144",
            "force segment-0000000001.wal",
            "-> persisted 1");
    node.appendAndRun(write(2, term(1), List.of(entry(5, 1, 12_000)), 0));

    assertThat(node.persisted).containsExactly(1L, 2L);
    assertThat(restarted().recovered.entries()).hasSize(5);
  }

  @Test
  void spreadsAWriteOverSegments() {
    node.appendAndRun(write(1, term(1), entries(1, 100, 1, 3000), 0));

    assertThat(node.persisted).containsExactly(1L);
    RecoveredLog found = restarted().recovered;
    assertThat(found.entries()).isEqualTo(entries(1, 100, 1, 3000));
    assertThat(found.facts().segments()).isGreaterThan(4);
  }

  @Test
  void refusesAnEntryThatFitsNowhere() {
    LogEntry large = entry(1, 1, CONFIG.segmentSizeBytes());

    assertThatThrownBy(() -> node.wal.append(write(1, term(1), List.of(large), 0)))
        .isInstanceOf(Check.InvariantBroken.class);
  }

  @Test
  void takesTheLargestEntryThatFits() {
    int body = CONFIG.maxEntryBytes() - 25;

    node.appendAndRun(write(1, term(1), List.of(entry(1, 1, body)), 0));

    assertThat(node.persisted).containsExactly(1L);
    assertThat(restarted().recovered.entries()).containsExactly(entry(1, 1, body));
  }

  @Test
  void cutsOnlyWithTheWriteThatSaysSo() {
    node.wal.append(write(1, term(1), entries(1, 5, 1, 10), 0));
    node.wal.append(cut(2, term(2), 3, entries(3, 1, 2, 10), 0));
    node.wal.append(write(3, term(2), entries(4, 1, 2, 10), 0));
    node.wal.append(cut(4, term(3), 4, List.of(), 0));
    node.run();

    assertThat(node.persisted).containsExactly(4L);
    assertThat(restarted().recovered.entries())
        .containsExactly(entry(1, 1, 10), entry(2, 1, 10), entry(3, 2, 10));
  }

  @Test
  void marksAnIdleLogOnceAndNotBeforeItsTime() {
    node.appendAndRun(write(1, term(1), entries(1, 1, 1, 10), 0));
    node.pass(IDLE - 1);
    node.appendAndRun(write(2, term(1), entries(2, 1, 1, 10), 0));
    calls();

    node.pass(1);
    node.pass(IDLE - 2);
    assertThat(calls()).isEmpty();
    node.pass(1);
    assertThat(calls())
        .containsExactly(
            "write segment-0000000001.wal 12288+512",
            "write segment-0000000001.wal 16384+512",
            "force segment-0000000001.wal");
    node.pass(10 * IDLE);
    assertThat(calls()).isEmpty();
  }

  @Test
  void waitsForTheNextSegment() {
    while (node.fileWorker.runOne() || node.diskWorker.runOne()) {
      // two segments are ahead
    }
    node.wal.append(write(1, term(1), entries(1, 65, 1, 3000), 0));
    while (node.diskWorker.runOne()) {
      // without the file worker there are two rolls, then nothing to go on with
    }
    assertThat(node.persisted).isEmpty();
    assertThat(node.wal.unwrittenBytes()).isPositive();

    node.run();

    assertThat(node.persisted).containsExactly(1L);
  }

  @Test
  void waitsOutAFullDisk() {
    disk.freeSpace(1000);
    node.appendAndRun(write(1, term(1), entries(1, 65, 1, 3000), 0));
    assertThat(node.persisted).isEmpty();
    assertThat(node.failures).isEmpty();
    assertThat(node.warnings)
        .containsExactly("no room for disk/segment-0000000004.wal: the disk is full; trying again");

    disk.freeSpace(1 << 30);
    node.pass(CONFIG.retryNanos());

    assertThat(node.persisted).containsExactly(1L);
  }

  /**
   * Full is also a disk on which a write has failed and that has no room then. The segment that was
   * not finished takes up the very room that the next attempt waits for.
   */
  @Test
  void takesAnErrorOnAFullDiskForFullAndGivesBackItsRoom() {
    String unfinished = "segment-0000000004.wal.tmp";
    disk.guard(
        call -> {
          if (call.startsWith("write " + unfinished)) {
            disk.freeSpace(1000);
            throw new IOException("No space left on device");
          }
        });
    node.appendAndRun(write(1, term(1), entries(1, 65, 1, 3000), 0));
    assertThat(node.persisted).isEmpty();
    assertThat(node.warnings)
        .containsExactly(
            "no room for disk/segment-0000000004.wal: "
                + "No space left on device (IOException); trying again");
    disk.guard(
        call -> {
          if (call.equals("delete " + unfinished)) {
            disk.freeSpace(1 << 30);
          }
        });

    node.pass(CONFIG.retryNanos());

    assertThat(node.failures).isEmpty();
    assertThat(node.persisted).containsExactly(1L);
  }

  /** A quota, or no room for names: the space that is free says nothing of it. */
  @Test
  void takesTheSystemsOwnWordsForFull() {
    disk.freeSpace(1 << 30);
    disk.guard(MemoryDisk.Guard.fail("create segment-0000000004.wal.tmp", "Disk quota exceeded"));
    node.appendAndRun(write(1, term(1), entries(1, 65, 1, 3000), 0));
    assertThat(node.persisted).isEmpty();
    disk.guard(call -> {});
    node.pass(CONFIG.retryNanos());

    assertThat(node.failures).isEmpty();
    assertThat(node.persisted).containsExactly(1L);
  }

  @Test
  void endsWhenASegmentCannotBePreparedThoughThereIsRoom() {
    failing("force segment-0000000004.wal.tmp", 1 << 30);

    node.appendAndRun(write(1, term(1), entries(1, 65, 1, 3000), 0));

    assertFailedOnce(
        "preparation of disk/segment-0000000004.wal at offset 0 failed: no luck (IOException)");
  }

  /** Two segments are kept for a full disk, the last of them for hard state alone. */
  @Test
  void tellsWhatThereIsRoomFor() {
    node.run();
    assertThat(node.wal.room(0)).isEqualTo(LogRoom.FREE);
    disk.freeSpace(1000);

    node.appendAndRun(write(1, term(1), entries(1, 21, 1, 3000), 0)); // enters the second
    assertThat(node.wal.room(0)).isEqualTo(LogRoom.RESERVE);
    assertThat(node.wal.room(3L * CONFIG.segmentSizeBytes())).isEqualTo(LogRoom.NONE);
    node.appendAndRun(write(2, term(1), entries(22, 21, 1, 3000), 0)); // enters the third
    assertThat(node.wal.room(0)).isEqualTo(LogRoom.NONE);
    assertThat(node.persisted).containsExactly(1L, 2L);

    disk.freeSpace(1 << 30);
    node.pass(CONFIG.retryNanos());
    assertThat(node.wal.room(0)).isEqualTo(LogRoom.FREE);
  }

  /** What waits to be written is spoken for. */
  @Test
  void countsWhatIsQueuedAgainstTheRoom() {
    node.run();
    disk.freeSpace(CONFIG.segmentSizeBytes());
    node.appendAndRun(write(1, term(1), entries(1, 21, 1, 3000), 0));
    disk.freeSpace(0);
    assertThat(node.wal.room(0)).isEqualTo(LogRoom.FREE);

    node.wal.append(write(2, term(1), entries(22, 45, 1, 3000), 0));

    assertThat(node.wal.room(0)).isNotEqualTo(LogRoom.FREE);
  }

  /** Hazard 76: no retry after a failed force, and nothing written behind it, ever. */
  @Test
  void stopsForGoodAfterAFailedForce() {
    failing("force segment-0000000001.wal", 1 << 30);
    node.appendAndRun(write(1, term(1), entries(1, 1, 1, 10), 0));
    disk.guard(call -> {});
    calls();

    node.appendAndRun(write(2, term(1), entries(2, 1, 1, 10), 0));
    node.pass(10 * IDLE);
    node.close();

    assertFailedOnce(
        "force of disk/segment-0000000001.wal at offset 9216 failed: no luck (IOException)");
    assertThat(calls()).containsExactly("unlock lock");
  }

  @Test
  void stopsForGoodAfterAFailedWrite() {
    failing("write segment-0000000001.wal", 1 << 30);
    node.appendAndRun(write(1, term(1), entries(1, 1, 1, 10), 0));
    disk.guard(call -> {});

    node.appendAndRun(write(2, term(1), entries(2, 1, 1, 10), 0));
    node.close();

    assertFailedOnce(
        "write of disk/segment-0000000001.wal at offset 8704 failed: no luck (IOException)");
    assertThat(calls())
        .containsExactly(
            "-> failed write of disk/segment-0000000001.wal at offset 8704 failed:"
                + " no luck (IOException)",
            "unlock lock");
  }

  /** An error at any changing call ends the node or is reported; it never becomes a promise. */
  @Test
  void promisesNothingThatAnErrorTookAway() {
    for (int failing = 0; failing < 25; failing++) {
      MemoryDisk broken = new MemoryDisk();
      WalFixture wal = new WalFixture(broken, CONFIG);
      wal.run();
      int[] left = {failing};
      broken.guard(
          call -> {
            if (call.matches("(write|force|create|rename) .*") && left[0]-- <= 0) {
              throw new IOException("no luck");
            }
          });

      LongStream.rangeClosed(1, 12)
          .forEach(i -> wal.appendAndRun(write(i, term(i), entries(i, 1, i, 12_000), 0)));
      WalFixture again = new WalFixture(broken.crash(Survival.none()), CONFIG);

      assertThat(wal.failures).as("call %d", failing).hasSizeLessThanOrEqualTo(1);
      assertThat(again.recovered.entries()).as("call %d", failing).hasSize(wal.persisted.size());
    }
  }

  @Test
  void writesWhatIsQueuedAndTheMarkerBeforeItEnds() {
    node.wal.append(write(1, term(1), entries(1, 1, 1, 10), 0));

    node.close();

    assertThat(calls())
        .containsExactly(
            "write segment-0000000001.wal 8704+512",
            "force segment-0000000001.wal",
            "-> persisted 1",
            "write segment-0000000001.wal 12288+512",
            "write segment-0000000001.wal 16384+512",
            "force segment-0000000001.wal",
            "unlock lock");
  }

  private void assertFailedOnce(String sentence) {
    assertThat(node.failures).hasSize(1);
    assertThat(node.failures.get(0)).hasMessage(sentence);
    assertThat(node.failures.get(0).exitCode()).isEqualTo(ExitCode.WRITE_FAILED);
    assertThat(node.persisted).isEmpty();
  }

  private void failing(String callBegin, long freeSpace) {
    disk.freeSpace(freeSpace);
    disk.guard(
        call -> {
          if (call.startsWith(callBegin + " ") || call.equals(callBegin)) {
            throw new IOException("no luck");
          }
        });
  }

  private List<String> calls() {
    List<String> trace = disk.trace();
    List<String> news = trace.subList(told, trace.size());
    told = trace.size();
    return news;
  }

  private WalFixture restarted() {
    node = new WalFixture(disk.crash(Survival.none()), CONFIG);
    return node;
  }
}
