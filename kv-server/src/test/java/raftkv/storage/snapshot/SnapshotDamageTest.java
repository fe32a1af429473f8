package raftkv.storage.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import raftkv.port.ExitCode;
import raftkv.port.SnapshotFile;
import raftkv.port.StateCapture;
import raftkv.port.StorageFailure;
import raftkv.raft.Bytes;
import raftkv.raft.ClusterId;
import raftkv.raft.LogPosition;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.MemoryDisk.Guard;
import raftkv.storage.disk.Survival;

/**
 * One damage at a time to the newest of two snapshots: the start says which file and where, and
 * goes on from the one before. It never takes a damaged one (hazards 71, 74; safety rule 6.6).
 */
final class SnapshotDamageTest {
  private final MemoryDisk disk = new MemoryDisk();
  private SnapshotFile older;
  private SnapshotFile newest;
  private byte[] intact = {};
  private String name = "";

  @BeforeEach
  void writeTwo() {
    SnapshotFixture node = new SnapshotFixture(disk);
    older = node.saved(20);
    newest = node.saved(40);
    name = SnapshotNames.of(newest.meta().lastIncluded());
    intact = disk.contents(name);
  }

  @Test
  void theIntactOneIsTaken() {
    assertThat(start(intact).found.newest()).isEqualTo(newest);
  }

  /** Every bit of every byte: all of the file is under a checksum. */
  @Test
  void seesEveryFlippedBit() {
    for (int at = 0; at < intact.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = intact.clone();
        flipped[at] ^= (byte) (1 << bit);
        checkSetAside("byte " + at + " bit " + bit, flipped);
      }
    }
  }

  @Test
  void seesEveryCutAndEveryByteTooMany() {
    for (int length = 0; length < intact.length; length++) {
      checkSetAside("cut to " + length, Arrays.copyOf(intact, length));
    }
    checkSetAside("one byte more", Arrays.copyOf(intact, intact.length + 1));
  }

  @Test
  void seesEveryLostAndEveryMisplacedSector() {
    for (int at = 0; at < intact.length; at += 512) {
      byte[] holed = intact.clone();
      Arrays.fill(holed, at, Math.min(at + 512, holed.length), (byte) 0);
      checkSetAside("hole at " + at, holed);
      if (at > 0) {
        byte[] misplaced = intact.clone();
        System.arraycopy(intact, 0, misplaced, at, Math.min(512, intact.length - at));
        checkSetAside("first sector at " + at, misplaced);
      }
    }
  }

  /** Another snapshot's file under this one's name is none. */
  @Test
  void seesAFileInAnotherOnesPlace() {
    checkSetAside("the older one", disk.contents(SnapshotNames.of(older.meta().lastIncluded())));
  }

  /** The one that is not needed is looked at, not read; what is seen so is set aside as well. */
  @Test
  void aDamagedHeaderOrFooterOfTheOlderOneIsSeenToo() {
    String olderName = SnapshotNames.of(older.meta().lastIncluded());
    byte[] bytes = disk.contents(olderName);
    for (int at : new int[] {0, 63, 70, bytes.length - 1, bytes.length - 40}) {
      MemoryDisk left = disk.crash(Survival.all());
      byte[] flipped = bytes.clone();
      flipped[at] ^= 4;
      left.damage(olderName, flipped);
      SnapshotFixture node = new SnapshotFixture(left);

      assertThat(node.found.stored()).containsExactly(newest);
      assertThat(node.warnings).hasSize(1);
    }
  }

  /** A read error is rot, never a reason to take less or to stop. */
  @Test
  void aFileThatCannotBeReadIsSetAside() {
    MemoryDisk left = disk.crash(Survival.all());
    left.guard(Guard.fail("read " + name, "Input/output error"));

    SnapshotFixture node = new SnapshotFixture(left);

    assertThat(node.found.newest()).isEqualTo(older);
    assertThat(node.warnings).singleElement().asString().contains(name, "Input/output error");
  }

  @Test
  void aNewerFormatIsRefusedAndLeftAlone() {
    byte[] newer = intact.clone();
    ByteBuffer.wrap(newer).putShort(4, (short) 2);
    CRC32C crc = new CRC32C();
    crc.update(newer, 0, 60);
    ByteBuffer.wrap(newer).putInt(60, (int) crc.getValue());

    MemoryDisk left = disk.crash(Survival.all());
    left.damage(name, newer);

    assertThatThrownBy(() -> new SnapshotFixture(left))
        .isInstanceOfSatisfying(
            StorageFailure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.NEWER_FORMAT))
        .hasMessageContaining(name)
        .hasMessageContaining("up to 1");
    assertThat(left.contents(name)).isEqualTo(newer);
  }

  /** The file's own format is the known one, and every checksum is right: nothing is damaged. */
  @Test
  void aStateOrLimitsOfANewerFormatAreRefusedAndLeftAlone() throws Exception {
    for (int at : new int[] {5, 42}) {
      MemoryDisk left = disk.crash(Survival.all());
      StateCapture capture = StoredStates.at(40).machine.captureState();
      left.delete(name);
      try (SnapshotOutput out = new SnapshotOutput(left, name)) {
        out.header(newest.meta());
        byte[] state = capture.pieces().next().toByteArray();
        assertThat(state[at]).isEqualTo((byte) 1);
        state[at] = 2;
        out.chunk(Bytes.wrap(state));
        out.footer(capture.hash());
        out.force();
      }
      byte[] newer = left.contents(name);

      refused(left, ExitCode.NEWER_FORMAT).hasMessageContaining("(newest: 1)");
      assertThat(left.contents(name)).isEqualTo(newer);
    }
  }

  /** It may be intact: as after one start by another user, or without file descriptors. */
  @Test
  void aFileThatCannotBeOpenedIsRefusedAndLeftAlone() {
    String olderName = SnapshotNames.of(older.meta().lastIncluded());
    for (String call : List.of("open " + name, "open " + olderName, "size " + olderName)) {
      MemoryDisk left = disk.crash(Survival.all());
      left.guard(Guard.fail(call, "Too many open files"));

      refused(left, ExitCode.UNAVAILABLE)
          .hasMessageContaining("cannot be opened: Too many open files");
      assertThat(left.trace()).noneMatch(line -> line.matches("(rename|delete) .*"));
    }
  }

  /** Two are damaged at once: both stay, for whoever can make something of them. */
  @Test
  void aStartDeletesNothingThatItHasSetAside() throws Exception {
    String olderName = SnapshotNames.of(older.meta().lastIncluded());
    MemoryDisk left = disk.crash(Survival.all());
    for (String each : List.of(name, olderName)) {
      byte[] flipped = left.contents(each).clone();
      flipped[100] ^= 4;
      left.damage(each, flipped);
    }

    assertThat(new SnapshotFixture(left).found.newest()).isNull();
    assertThat(left.list()).contains("damaged-" + name, "damaged-" + olderName);
  }

  /** Those of earlier starts make room, but for one above everything that is valid. */
  @Test
  void anEarlierDamagedOneMakesRoomOnceANewerOneIsValid() throws Exception {
    String before = "damaged-" + SnapshotNames.of(new LogPosition(10, 3));
    String above = "damaged-" + SnapshotNames.of(new LogPosition(30, 3));
    MemoryDisk left = disk.crash(Survival.all());
    left.damage(before, new byte[9]);
    left.damage(above, new byte[9]);
    byte[] flipped = intact.clone();
    flipped[100] ^= 4;
    left.damage(name, flipped);

    assertThat(new SnapshotFixture(left).found.newest()).isEqualTo(older);
    assertThat(left.list()).contains("damaged-" + name, above).doesNotContain(before);
  }

  @Test
  void anotherClustersSnapshotIsRefused() {
    MemoryDisk left = disk.crash(Survival.all());
    SnapshotFixture first = new SnapshotFixture(left);
    first.directory.clusterIdKnown(new ClusterId(1, 1));
    first.directory.close();

    assertThatThrownBy(() -> new SnapshotFixture(left))
        .isInstanceOfSatisfying(
            StorageFailure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.IDENTITY))
        .hasMessageContaining(name);
  }

  private static AbstractThrowableAssert<?, ?> refused(MemoryDisk left, ExitCode code) {
    return assertThatThrownBy(() -> new SnapshotFixture(left))
        .isInstanceOfSatisfying(
            StorageFailure.class, failure -> assertThat(failure.exitCode()).isEqualTo(code));
  }

  private void checkSetAside(String what, byte[] contents) {
    SnapshotFixture node = start(contents);

    assertThat(node.found.newest()).as(what).isEqualTo(older);
    assertThat(Objects.requireNonNull(node.found.image()).hash()).isEqualTo(older.hash());
    assertThat(node.warnings).as(what).singleElement().asString().contains("disk/" + name);
    assertThat(node.warnings.get(0)).containsAnyOf("at offset", "it is of");
    MemoryDisk left = (MemoryDisk) node.directory.disk();
    assertThat(left.contents("damaged-" + name)).isEqualTo(contents);
  }

  private SnapshotFixture start(byte[] contents) {
    MemoryDisk left = disk.crash(Survival.all());
    left.damage(name, contents);
    return new SnapshotFixture(left);
  }
}
