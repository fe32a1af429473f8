package raftkv.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static raftkv.storage.wal.WalFixture.entries;
import static raftkv.storage.wal.WalFixture.term;
import static raftkv.storage.wal.WalFixture.write;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import raftkv.port.EntryCodec;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.raft.Bytes;
import raftkv.raft.EntryKind;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.Survival;

/** What is a marker of which neither copy is intact, and what only looks like one. */
final class MarkerLookTest {
  private static final String SEGMENT = "segment-0000000001.wal";
  private static final int SECTOR = 512;
  private static final int PAGE = 4096;

  /** A record's header of 128 bytes, an entry's of 25: where the bytes of a value begin. */
  private static final int BODY_OFFSET = 128 + 25;

  private final MemoryDisk disk = new MemoryDisk();
  private final WalFixture node = new WalFixture(disk, WalFixture.MEDIUM);

  @BeforeEach
  void writeOneEntry() {
    node.appendAndRun(write(1, term(1), entries(1, 1, 1, 100), 0));
  }

  /** Values are a client's: whatever they hold, a torn tail of them is a torn tail. */
  @Test
  void aTornValueThatIsFullOfMarkersBeginningsIsATornTail() {
    for (byte[] pattern :
        List.of(
            new byte[] {0x52, 0x4b, 0x56, 0x42, 0, 1, 2, 0},
            new byte[] {0x52, 0x4b, 0x56, 0x42, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1},
            Arrays.copyOf(new byte[] {0x52, 0x4b, 0x56, 0x42, 0, 1, 2, 0}, 32))) {
      MemoryDisk left = new MemoryDisk();
      WalFixture writer = new WalFixture(left, WalFixture.MEDIUM);
      writer.appendAndRun(write(1, term(1), entries(1, 1, 1, 100), 0));
      int batch = endOfText(left.contents(SEGMENT));
      writer.appendAndRun(write(2, term(1), List.of(full(pattern)), 0));
      byte[] torn = left.contents(SEGMENT).clone();
      Arrays.fill(torn, batch, batch + SECTOR, (byte) 0);
      MemoryDisk found = left.crash(Survival.none());
      found.damage(SEGMENT, torn);

      WalFixture started = new WalFixture(found, WalFixture.MEDIUM);

      assertThat(started.recovered.entries()).hasSize(1);
      assertThat(started.warnings).singleElement().asString().contains("torn tail");
    }
  }

  /** Whichever bit is flipped in both copies, but for those that say what it is at all. */
  @Test
  void aMarkerIsKnownByWhatIsLeftOfIt() {
    node.pass(WalFixture.MEDIUM.idleNanos());
    byte[] intact = disk.contents(SEGMENT);
    int marker = markerIn(intact);
    for (int bit = 0; bit < 8 * 128; bit++) {
      int at = bit / 8;
      if (at >= 4 && at != 6 && at != 120) {
        byte[] flipped = intact.clone();
        flipped[marker + at] ^= (byte) (1 << bit % 8);
        flipped[marker + PAGE + at] ^= (byte) (1 << bit % 8);
        MemoryDisk left = disk.remains(Survival.none());
        left.damage(SEGMENT, flipped);

        assertThatThrownBy(() -> new WalFixture(left, WalFixture.MEDIUM))
            .as("bit %d of byte %d", bit % 8, at)
            .isInstanceOfSatisfying(
                StorageFailure.class,
                failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.DAMAGED));
      }
    }
  }

  private static LogEntry full(byte[] pattern) {
    byte[] body = new byte[20_000];
    for (int i = 0; i < body.length; i++) {
      body[i] = pattern[(i + BODY_OFFSET) % pattern.length];
    }
    return new EntryCodec().encode(new LogPosition(2, 1), EntryKind.COMMAND, Bytes.wrap(body));
  }

  private static int markerIn(byte[] file) {
    for (int at = PAGE; at < file.length; at += PAGE) {
      if (file[at] == 'R' && file[at + 3] == 'B' && file[at + 6] == 2) {
        return at;
      }
    }
    throw new AssertionError("no marker");
  }

  private static int endOfText(byte[] file) {
    int end = file.length;
    while (file[end - 1] == 0) {
      end--;
    }
    return (end + SECTOR - 1) / SECTOR * SECTOR;
  }
}
