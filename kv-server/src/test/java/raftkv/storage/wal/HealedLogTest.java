package raftkv.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import raftkv.port.ExitCode;
import raftkv.port.LogFragments;
import raftkv.port.StorageFailure;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.Remains;
import raftkv.storage.disk.Survival;

/**
 * Damage of every kind and in every place: what is taken for intact is what was written, and with
 * what is lost put back, the log is the one that was promised (safety rules 6.1 to 6.3).
 */
final class HealedLogTest {
  private static final int SECTOR = 512;
  private static final int PAGE = 4096;

  private final WalScript script = new WalScript(WalScript.Life.WITHOUT_RESET);
  private final Map<String, byte[]> intact = new TreeMap<>();
  private PromisedStates.State truth;
  private int healed;
  private int anew;

  @BeforeEach
  void writeTheLog() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    script.run(disk);
    truth = script.states.last();
    for (String name : disk.crash(Survival.none()).list()) {
      intact.put(name, disk.contents(name));
    }
  }

  @Test
  void healsEveryFlippedByte() {
    for (String name : segments()) {
      byte[] file = intact(name);
      for (int at = 0; at < file.length; at++) {
        if (file[at] != 0) {
          byte[] flipped = file.clone();
          flipped[at] ^= (byte) (1 << at % 8);
          heal("flip in " + name + " at " + at, name, flipped);
        }
      }
    }
    assertThat(healed).isGreaterThan(1000);
    assertThat(anew).isZero();
  }

  @Test
  void healsEveryLostSectorAndPage() {
    for (int size : new int[] {SECTOR, PAGE, 2 * PAGE}) {
      for (String name : segments()) {
        for (int at = 0; at < intact(name).length; at += size) {
          byte[] holed = intact(name).clone();
          Arrays.fill(holed, at, at + size, (byte) 0x5a);
          heal("hole of " + size + " in " + name + " at " + at, name, holed);
        }
      }
    }
    assertThat(healed).isGreaterThan(50);
  }

  /** Two places at once, in one log. */
  @Test
  void healsTwoLostSectors() {
    for (String name : segments()) {
      for (int first = 0; first < intact(name).length; first += SECTOR) {
        for (int second = first + SECTOR; second < intact(name).length; second += SECTOR) {
          byte[] holed = intact(name).clone();
          if (holed[first] != 0 && holed[second] != 0) {
            Arrays.fill(holed, first, first + SECTOR, (byte) 0);
            Arrays.fill(holed, second, second + SECTOR, (byte) 0x77);
            heal("holes in " + name + " at " + first + " and " + second, name, holed);
          }
        }
      }
    }
    assertThat(healed).isGreaterThan(300);
  }

  /** Safety rule 6.1: a page that cannot be read is rot, wherever it is. */
  @Test
  void takesAReadErrorForRotAndReadsTheRest() throws IOException {
    for (String name : segments()) {
      for (int at = 0; at < intact(name).length; at += PAGE) {
        MemoryDisk disk = disk();
        String page = "read " + name + " " + at + "+" + PAGE;
        String whole = "read " + name + " 0+" + intact(name).length;
        disk.guard(
            call -> {
              if (call.equals(page) || call.equals(whole)) {
                throw new IOException("Input/output error");
              }
            });
        heal("unreadable page in " + name + " at " + at, disk);
      }
    }
    assertThat(healed).isGreaterThan(5);
    assertThat(anew).as("the last page of a log may have held a promise").isPositive();
  }

  /** But the first: without it the log looks compacted, and the snapshot is missed. */
  @Test
  void healsAMissingSegment() {
    for (String missing : segments().subList(1, segments().size())) {
      MemoryDisk disk = new MemoryDisk();
      intact.keySet().stream()
          .filter(name -> !name.equals(missing))
          .forEach(name -> disk.damage(name, intact(name)));
      heal("without " + missing, disk);
    }
    assertThat(healed).isPositive();
  }

  /** What was forced last stands there alone: no later record shows that it was. */
  @Test
  void keepsTheOnlyRecordOfASegmentWithoutHeader() {
    String name = lastEntered();
    byte[] file = intact(name).clone();
    int second = nextRecord(file, SECTOR);
    Arrays.fill(file, second, file.length, (byte) 0);
    MemoryDisk cut = disk();
    cut.damage(name, file.clone());
    LogPosition last = lastOf(new WalFixture(cut).recovered.entries());
    file[40] ^= 1;
    MemoryDisk disk = disk();
    disk.damage(name, file);
    DataDirectory directory = DataDirectory.open(disk, WalFixture.NODE, warning -> {});

    LogFragments fragments = DamagedLog.examine(directory, WalFixture.SMALL, null).fragments();

    assertThat(fragments.last()).isEqualTo(last);
  }

  private static LogPosition lastOf(List<LogEntry> entries) {
    return entries.get(entries.size() - 1).position();
  }

  private static int nextRecord(byte[] file, int behind) {
    int at = behind + SECTOR;
    while (file[at] != 'R' || file[at + 3] != 'B') {
      at += SECTOR;
    }
    return at;
  }

  /** Safety rule 6.3: with the marker gone as well, nobody can say what was promised last. */
  @Test
  void losesTheHardStateWithTheLastBatchAndItsMarker() {
    String name = lastEntered();
    byte[] file = intact(name).clone();
    int marker = lastMarker(file);
    int batch = lastBatch(file, marker);
    file[batch + 40] ^= 1;
    file[marker + 90] ^= 1;
    file[marker + PAGE + 90] ^= 1;

    heal("batch and marker", name, file);

    assertThat(anew).isEqualTo(1);
  }

  /** The damaged log or the healed one, whatever a crash leaves; never something between. */
  @Test
  void replacesTheLogWholeOrNotAtAll() {
    String first = segments().get(0);
    byte[] file = intact(first).clone();
    int batch = lastBatch(file, file.length);
    Arrays.fill(file, batch, batch + SECTOR, (byte) 0);
    MemoryDisk disk = disk();
    disk.damage(first, file);
    DataDirectory directory = DataDirectory.open(disk, WalFixture.NODE, warning -> {});
    DamagedLog damaged = DamagedLog.examine(directory, WalFixture.SMALL, null);
    int[] found = new int[2];
    disk.guard(
        call -> {
          if (call.matches("(write|force|create|rename|delete) .*")) {
            for (Survival survival : Remains.of(disk, 6)) {
              boolean whole = isWhole(call + ", " + survival, disk.remains(survival));
              found[whole ? 1 : 0]++;
            }
          }
        });

    damaged.replaceBy(filled(damaged.fragments()), warning -> {});

    assertThat(found[0]).as("found damaged").isPositive();
    assertThat(found[1]).as("found healed").isPositive();
  }

  /** Healing needs room for one more segment; the damaged log stays until it is there. */
  @Test
  void asksForRoomToHealIn() {
    String first = segments().get(0);
    byte[] file = intact(first).clone();
    int batch = lastBatch(file, file.length);
    Arrays.fill(file, batch, batch + SECTOR, (byte) 0);
    MemoryDisk disk = disk();
    disk.damage(first, file);
    DataDirectory directory = DataDirectory.open(disk, WalFixture.NODE, warning -> {});
    DamagedLog damaged = DamagedLog.examine(directory, WalFixture.SMALL, null);
    disk.guard(MemoryDisk.Guard.fail("write", "No space left on device"));

    assertThatThrownBy(() -> damaged.replaceBy(filled(damaged.fragments()), warning -> {}))
        .isInstanceOfSatisfying(
            StorageFailure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE))
        .hasMessage(
            "the healed log could not be written: the disk is full; make room and start again");
    disk.guard(call -> {});
    assertThat(isWhole("after a full disk", disk.crash(Survival.all()))).isFalse();
  }

  private boolean isWhole(String what, MemoryDisk left) {
    DataDirectory directory = DataDirectory.open(left, WalFixture.NODE, warning -> {});
    try {
      RecoveredLog recovered = LogRecovery.recover(directory, WalFixture.SMALL, warning -> {});
      assertThat(PromisedStates.State.of(recovered)).as(what).isEqualTo(truth);
      return true;
    } catch (StorageFailure failure) {
      assertThat(failure.exitCode()).as(what).isEqualTo(ExitCode.DAMAGED);
      LogFragments again = DamagedLog.examine(directory, WalFixture.SMALL, null).fragments();
      checkTrue(what, again);
      assertThat(again.hardStateLost()).as(what).isFalse();
      return false;
    }
  }

  private void heal(String what, String name, byte[] contents) {
    MemoryDisk disk = disk();
    disk.damage(name, contents);
    heal(what, disk);
  }

  private void heal(String what, MemoryDisk disk) {
    List<String> warnings = new ArrayList<>();
    DataDirectory directory = DataDirectory.open(disk, WalFixture.NODE, warnings::add);
    RecoveredLog found;
    try {
      found = LogRecovery.recover(directory, WalFixture.SMALL, warnings::add);
    } catch (StorageFailure failure) {
      assertThat(failure.exitCode()).as(what).isEqualTo(ExitCode.DAMAGED);
      DamagedLog damaged = DamagedLog.examine(directory, WalFixture.SMALL, null);
      assertThat(damaged.damages()).as(what).isNotEmpty();
      checkTrue(what, damaged.fragments());
      if (damaged.fragments().hardStateLost()) {
        anew++;
        return;
      }
      assertThat(damaged.fragments().hardState()).as(what).isEqualTo(truth.hardState());
      found = damaged.replaceBy(filled(damaged.fragments()), warnings::add);
      healed++;
      disk.guard(call -> {});
      MemoryDisk after = disk.crash(Survival.none());
      assertThat(PromisedStates.State.of(new WalFixture(after).recovered))
          .as(what + ", started again")
          .isEqualTo(truth);
    }
    assertThat(PromisedStates.State.of(found)).as(what).isEqualTo(truth);
  }

  /** What is taken for intact is what was written last at its place. */
  private void checkTrue(String what, LogFragments fragments) {
    for (LogEntry entry : fragments.entries()) {
      if (!fragments.hardStateLost()) {
        assertThat(entry).as(what).isEqualTo(truth.entries().get((int) entry.index() - 1));
      }
    }
    if (!fragments.hardStateLost()) {
      for (LogPosition position : fragments.positions()) {
        LogEntry entry = truth.entries().get((int) position.index() - 1);
        assertThat(position).as(what).isEqualTo(entry.position());
      }
      assertThat(fragments.last().index()).as(what).isEqualTo(truth.entries().size());
    }
  }

  private LogFragments filled(LogFragments fragments) {
    return new LogFragments(
        LogPosition.ZERO,
        fragments.last(),
        List.of(),
        truth.entries(),
        List.of(),
        fragments.hardState(),
        false,
        fragments.commitIndex());
  }

  private MemoryDisk disk() {
    MemoryDisk disk = new MemoryDisk();
    intact.forEach((name, contents) -> disk.damage(name, contents.clone()));
    return disk;
  }

  private List<String> segments() {
    return intact.keySet().stream().filter(name -> name.startsWith("segment-")).toList();
  }

  private byte[] intact(String name) {
    return intact.getOrDefault(name, new byte[0]);
  }

  private String lastEntered() {
    String last = "";
    for (String name : segments()) {
      last = intact(name)[0] != 0 ? name : last;
    }
    return last;
  }

  private static int lastMarker(byte[] file) {
    int marker = -1;
    for (int at = 0; at + PAGE < file.length; at += PAGE) {
      marker =
          at > 0 && file[at] == 'R' && file[at + 6] == 2 && file[at + PAGE] == 'R' ? at : marker;
    }
    return marker;
  }

  private static int lastBatch(byte[] file, int before) {
    int batch = -1;
    for (int at = SECTOR; at < before; at += SECTOR) {
      batch = file[at] == 'R' && file[at + 3] == 'B' && file[at + 6] == 1 ? at : batch;
    }
    return batch;
  }
}
