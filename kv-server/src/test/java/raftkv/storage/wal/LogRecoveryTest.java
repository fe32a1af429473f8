package raftkv.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static raftkv.storage.wal.WalFixture.entries;
import static raftkv.storage.wal.WalFixture.entry;
import static raftkv.storage.wal.WalFixture.reset;
import static raftkv.storage.wal.WalFixture.term;
import static raftkv.storage.wal.WalFixture.vote;
import static raftkv.storage.wal.WalFixture.write;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.raft.ClusterId;
import raftkv.raft.DurableState;
import raftkv.raft.HardState;
import raftkv.raft.LogPosition;
import raftkv.raft.Write;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.Survival;

final class LogRecoveryTest {
  private static final WalConfig CONFIG = WalFixture.MEDIUM;
  private static final String FIRST = "segment-0000000001.wal";
  private static final String SECOND = "segment-0000000002.wal";
  private static final ClusterId CLUSTER = new ClusterId(0x1234, 0x5679);

  private MemoryDisk disk = new MemoryDisk();

  @Test
  void startsBlankInABlankDirectory() {
    RecoveredLog log = new WalFixture(disk, CONFIG).recovered;

    assertThat(log.startingFrom(null)).isEqualTo(DurableState.BLANK);
    assertThat(log.facts()).isEqualTo(new RecoveredLog.Facts(1, 0, 0, null));
  }

  /** Nothing is wrong with the disk: the node may start as soon as there is room. */
  @Test
  void aStartOnAFullDiskAsksForRoom() {
    disk.guard(MemoryDisk.Guard.fail("write segment", "No space left on device"));

    StorageFailure full =
        catchThrowableOfType(StorageFailure.class, () -> new WalFixture(disk, CONFIG));

    assertThat(full.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(full)
        .hasMessage(
            "the log in disk/segment-* could not be opened: "
                + "the disk is full; make room and start again");
  }

  @Test
  void aStartOnAFailingDiskSaysSo() {
    disk.guard(MemoryDisk.Guard.fail("force segment", "Input/output error"));

    StorageFailure failed =
        catchThrowableOfType(StorageFailure.class, () -> new WalFixture(disk, CONFIG));

    assertThat(failed.exitCode()).isEqualTo(ExitCode.WRITE_FAILED);
    assertThat(failed).hasMessageContaining("Input/output error");
  }

  @Test
  void findsWhatWasPromised() {
    promised(write(1, vote(3, 2), entries(1, 4, 3, 50), 3));

    RecoveredLog log = restarted().recovered;

    assertThat(log.startingFrom(null))
        .isEqualTo(new DurableState(vote(3, 2), null, entries(1, 4, 3, 50), 3));
    assertThat(log.facts()).isEqualTo(new RecoveredLog.Facts(1, 4, 4 * 75, null));
  }

  @Test
  void keepsTheCommitHintInsideTheLog() {
    promised(write(1, term(3), entries(1, 2, 3, 50), 2));
    WalFixture node = restarted();
    node.appendAndRun(WalFixture.cut(1, term(4), 2, List.of(), 2));

    assertThat(restarted().recovered.commitIndex()).isEqualTo(1);
  }

  @Test
  void cutsATornTailWithAWarningAndOnlyOnce() {
    WalFixture node = promised(write(1, term(1), entries(1, 1, 1, 50), 0));
    node.wal.append(write(2, vote(2, 3), entries(2, 1, 2, 900), 0));
    tearTheWriteUnderWay(node);

    WalFixture first = restarted();
    WalFixture second = restarted();

    assertThat(first.recovered.entries()).isEqualTo(entries(1, 1, 1, 50));
    assertThat(first.recovered.hardState()).isEqualTo(term(1));
    assertThat(first.recovered.facts().tornTail())
        .isEqualTo(new RecoveredLog.TornTail("disk/" + FIRST, 9216, 1000));
    assertThat(first.warnings)
        .containsExactly(
            "disk/"
                + FIRST
                + ": torn tail cut at offset 9216: 1000 bytes that were never promised");
    assertThat(second.warnings).isEmpty();
    assertThat(second.recovered.facts().tornTail()).isNull();
  }

  /** Hazard 119: a record behind the cut fits exactly behind the one that is written again. */
  @Test
  void oldRecordsBehindACutDoNotComeBack() {
    WalFixture node = promised(write(1, term(1), entries(1, 1, 1, 50), 0));
    node.wal.append(write(2, term(1), entries(2, 1, 1, 300), 0));
    node.wal.append(WalFixture.cut(3, term(2), 2, entries(2, 1, 2, 300), 0));
    disk.guard(MemoryDisk.Guard.cutPowerBefore("force"));
    assertThat(catchThrowableOfType(MemoryDisk.PowerCut.class, node::run)).isNotNull();
    disk = disk.crash(Survival.sectorsOfLastWrite(0b10)); // the second batch alone

    WalFixture first = restarted();
    assertThat(first.recovered.entries()).isEqualTo(entries(1, 1, 1, 50));
    first.appendAndRun(write(1, term(1), entries(2, 1, 1, 300), 0)); // the first batch again

    assertThat(restarted().recovered.entries()).containsExactly(entry(1, 1, 50), entry(2, 1, 300));
  }

  /** Right number, right place, right checksum, but written behind another record than this one. */
  @Test
  void whatDoesNotChainIsNotLog() {
    WalFixture other = promised(write(1, term(1), entries(1, 1, 1, 50), 0));
    other.appendAndRun(write(2, term(1), entries(2, 1, 1, 50), 0));
    byte[] stale = disk.contents(FIRST);
    disk = new MemoryDisk();
    promised(write(1, term(1), entries(1, 1, 1, 60), 0));
    byte[] file = disk.contents(FIRST);
    System.arraycopy(stale, 9216, file, 9216, 512);
    disk.damage(FIRST, file);

    RecoveredLog log = restarted().recovered;

    assertThat(log.entries()).isEqualTo(entries(1, 1, 1, 60));
    assertThat(log.facts().tornTail()).isNotNull();
  }

  @Test
  void refusesDamageBelowWhatWasForcedNamingFileAndOffset() {
    promised(write(1, term(1), entries(1, 1, 1, 50), 0));
    promised(write(2, term(1), entries(2, 1, 1, 50), 0));
    flip(FIRST, 8704 + 200);

    // each start has marked the log, so that the first batch has a witness
    refused(
        ExitCode.DAMAGED,
        "the log is damaged: disk/"
            + FIRST
            + " at offset 8704: what stands there was forced, as the record at offset 12288 shows;"
            + " nothing was changed");
  }

  /** The one double fault that is left, stated in docs/storage-format.md. */
  @Test
  void takesDamageInTheLastUnmarkedBatchForATornTail() {
    WalFixture node = promised(write(1, term(1), entries(1, 1, 1, 50), 0));
    node.appendAndRun(write(2, term(1), entries(2, 1, 1, 50), 0));
    disk = disk.crash(Survival.none());
    flip(FIRST, 9216 + 200);

    WalFixture again = restarted();

    assertThat(again.recovered.entries()).isEqualTo(entries(1, 1, 1, 50));
    assertThat(again.warnings).hasSize(1);
  }

  @Test
  void refusesAMissingSegment() throws IOException {
    promised(write(1, term(1), entries(1, 40, 1, 3000), 0));
    disk.delete(SECOND);
    disk.forceDirectory();

    refused(
        ExitCode.DAMAGED,
        "the log is damaged: disk/"
            + SECOND
            + " at offset 0: the file is missing; nothing was changed");
  }

  @Test
  void refusesAMissingSuccessor() throws IOException {
    promised(write(1, term(1), entries(1, 22, 1, 3000), 0));
    List<String> names = disk.list();
    for (String name : names.subList(names.indexOf(SECOND), names.size())) {
      disk.delete(name);
    }
    disk.forceDirectory();

    refused(
        ExitCode.DAMAGED,
        "the log is damaged: disk/"
            + SECOND
            + " at offset 0: the file is missing, and the log goes on there; nothing was changed");
  }

  @Test
  void refusesAMembersDirectoryWithoutLog() throws IOException {
    WalFixture node = promised(write(1, term(1), List.of(), 0));
    node.directory.clusterIdKnown(CLUSTER);
    for (String name : disk.list()) {
      if (name.startsWith("segment-")) {
        disk.delete(name);
      }
    }
    disk.forceDirectory();

    StorageFailure failure = failure(ExitCode.DAMAGED);

    assertThat(failure).hasMessageContaining("though this node is a member of cluster " + CLUSTER);
  }

  @Test
  void takesAReadErrorForRotAndNotForATornTail() {
    promised(write(1, term(1), entries(1, 1, 1, 50), 0));
    disk = disk.crash(Survival.none());
    disk.guard(MemoryDisk.Guard.fail("read " + FIRST, "Input/output error"));

    StorageFailure failure =
        catchThrowableOfType(StorageFailure.class, () -> new WalFixture(disk, CONFIG));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(failure)
        .hasMessage("read of disk/" + FIRST + " failed: Input/output error (IOException)");
  }

  @Test
  void changesNothingWhenItRefuses() {
    promised(write(1, term(1), entries(1, 40, 1, 3000), 0));
    flip(FIRST, 9000);

    failure(ExitCode.DAMAGED);

    assertThat(disk.trace()).containsExactly("lock lock", "force directory", "unlock lock");
  }

  @Test
  void keepsTheBaseOfAReset() {
    LogPosition base = new LogPosition(100, 7);
    WalFixture node = promised(write(1, term(7), entries(1, 3, 1, 50), 3));
    node.appendAndRun(reset(2, term(7), base, entries(101, 2, 7, 50), 100));
    node.appendAndRun(WalFixture.cut(3, term(8), 102, List.of(), 101));

    RecoveredLog log = restarted().recovered;

    assertThat(log.base()).isEqualTo(base);
    assertThat(log.entries()).isEqualTo(entries(101, 1, 7, 50));
    assertThat(log.commitIndex()).isEqualTo(101);
    assertThat(log.hardState()).isEqualTo(term(8));
  }

  /** Safety rule 6.6: entries behind a base are not the whole log; nothing is dropped silently. */
  @Test
  void refusesToStartBehindABaseWithoutItsSnapshot() {
    promised(reset(1, term(7), new LogPosition(100, 7), List.of(), 100));
    RecoveredLog log = restarted().recovered;

    StorageFailure failure =
        catchThrowableOfType(StorageFailure.class, () -> log.startingFrom(null));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(failure)
        .hasMessage(
            "the log in disk/segment-* begins behind 100@7,"
                + " but there is no snapshot that reaches it");
  }

  /** Safety rule 6.8: with the first segments gone, header and base still say all that counts. */
  @Test
  void findsHardStateAndBaseInASegmentThatBecameTheFirst() throws IOException {
    WalFixture node = promised(write(1, vote(4, 2), entries(1, 13, 4, 3000), 2));
    node.appendAndRun(write(2, vote(4, 2), entries(14, 13, 4, 3000), 3));
    disk.delete(FIRST);
    disk.forceDirectory();

    RecoveredLog log = restarted().recovered;

    assertThat(log.hardState()).isEqualTo(vote(4, 2));
    assertThat(log.base().term()).isEqualTo(4);
    assertThat(log.base().index()).isPositive();
    assertThat(log.base().index() + log.entries().size()).isEqualTo(26);
  }

  @Test
  void readsSegmentsOfAnotherSizeThanNewOnes() {
    promised(write(1, term(1), entries(1, 40, 1, 3000), 0));
    disk = disk.crash(Survival.none());
    WalConfig larger = new WalConfig(128 << 10, 4 << 10, 20_000_000L, 1_000_000_000L);

    WalFixture node = new WalFixture(disk, larger);
    node.run();
    node.appendAndRun(write(1, term(2), entries(41, 60, 2, 3000), 0));

    assertThat(node.persisted).containsExactly(1L);
    assertThat(restarted().recovered.entries()).hasSize(100);
  }

  @Test
  void drawsNoHardStateFromABatchThatWasCut() {
    WalFixture node = promised(write(1, vote(1, 1), List.of(), 0));
    node.wal.append(write(2, vote(2, 2), List.of(), 0));
    tearTheWriteUnderWay(node);

    assertThat(restarted().recovered.hardState())
        .isEqualTo(new HardState(1, vote(1, 1).votedFor(), WalFixture.INCARNATION, false));
  }

  /** On a disk that is up, writes and ends as a crash ends it, everything forced. */
  private WalFixture promised(Write write) {
    WalFixture node = restarted();
    node.run();
    node.appendAndRun(write);
    assertThat(node.persisted).containsExactly(write.ticket());
    return node;
  }

  private WalFixture restarted() {
    disk = disk.crash(Survival.none());
    return new WalFixture(disk, CONFIG);
  }

  private void tearTheWriteUnderWay(WalFixture node) {
    disk.guard(MemoryDisk.Guard.cutPowerBefore("force"));
    assertThat(catchThrowableOfType(MemoryDisk.PowerCut.class, node::run)).isNotNull();
    int bytes = Math.min(1000, disk.lastUnforcedBytes() - 490);
    disk = disk.crash(Survival.cutLastWriteAt(bytes));
  }

  private void flip(String name, int at) {
    byte[] file = disk.contents(name);
    file[at] ^= 1;
    disk.damage(name, file);
  }

  private void refused(ExitCode exitCode, String sentence) {
    assertThat(failure(exitCode)).hasMessage(sentence);
  }

  private StorageFailure failure(ExitCode exitCode) {
    StorageFailure failure = catchThrowableOfType(StorageFailure.class, this::restarted);
    assertThat(failure).isNotNull();
    assertThat(failure.exitCode()).isEqualTo(exitCode);
    return failure;
  }
}
