package raftkv.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.Survival;

/**
 * One damage at a time to a log that was forced and marked: the node starts with all that was
 * promised, or refuses and names the file. It never starts with less (hazards 71, 74, 75, 81).
 */
final class WalDamageTest {
  private static final int SECTOR = 512;
  private static final int PAGE = 4096;

  private final WalScript script = new WalScript(WalScript.Life.WITHOUT_RESET);
  private final Map<String, byte[]> intact = new TreeMap<>();
  private int refused;
  private int started;

  @BeforeEach
  void writeTheLog() throws Exception {
    MemoryDisk disk = new MemoryDisk();
    script.run(disk);
    for (String name : disk.crash(Survival.none()).list()) {
      intact.put(name, disk.contents(name));
    }
    assertThat(intact).hasSizeGreaterThan(4);
  }

  @Test
  void startsWithAllOfTheIntactLog() {
    check("nothing", "identity", intact("identity"));

    assertThat(started).isEqualTo(1);
  }

  /** Every byte that was written, and of the zeros every 64th. */
  @Test
  void seesEveryFlippedByte() {
    for (String name : intact.keySet()) {
      byte[] file = intact(name);
      for (int at = 0; at < file.length; at++) {
        if (file[at] != 0 || at % 64 == 0) {
          byte[] flipped = file.clone();
          flipped[at] ^= (byte) (1 << at % 8);
          check("flip", name + " " + at, name, flipped);
        }
      }
    }
    assertThat(refused).isGreaterThan(1000);
    assertThat(started).isGreaterThan(100);
  }

  @Test
  void seesEveryCutFile() {
    for (String name : intact.keySet()) {
      byte[] file = intact(name);
      for (int length = 0; length < file.length; length++) {
        if (length < 2 * SECTOR || length % 61 == 0 || length % SECTOR == 0) {
          check("cut", name + " " + length, name, Arrays.copyOf(file, length));
        }
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }

  @Test
  void seesEveryLostSectorAndPage() {
    for (int size : new int[] {SECTOR, PAGE}) {
      for (String name : intact.keySet()) {
        byte[] file = intact(name);
        for (int at = 0; at < file.length; at += size) {
          byte[] holed = file.clone();
          Arrays.fill(holed, at, Math.min(file.length, at + size), (byte) 0);
          check("hole of " + size, name + " " + at, name, holed);
        }
      }
    }
    assertThat(refused).isGreaterThan(50);
  }

  /** Hazard 75: a block in another one's place is none, though its own checksum is right. */
  @Test
  void seesEveryBlockInTheWrongPlace() {
    for (String to : intact.keySet()) {
      for (String from : intact.keySet()) {
        putEverySectorIntoEveryOther(from, to);
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }

  @Test
  void seesEveryMissingFile() {
    for (String name : intact.keySet()) {
      MemoryDisk disk = disk();
      MemoryDisk without = new MemoryDisk();
      intact.keySet().stream()
          .filter(other -> !other.equals(name))
          .forEach(other -> without.damage(other, disk.contents(other)));
      judge("missing " + name, without);
    }
    assertThat(refused).isGreaterThanOrEqualTo(4);
  }

  private void putEverySectorIntoEveryOther(String from, String to) {
    byte[] source = intact(from);
    byte[] target = intact(to);
    for (int at = 0; at + SECTOR <= target.length; at += SECTOR) {
      for (int other = 0; other + SECTOR <= source.length; other += SECTOR) {
        if (source[other] != 0 && target[at] != 0) {
          byte[] misplaced = target.clone();
          System.arraycopy(source, other, misplaced, at, SECTOR);
          check("misplaced", to + " " + at + " from " + from + " " + other, to, misplaced);
        }
      }
    }
  }

  private void check(String what, String where, String name, byte[] contents) {
    MemoryDisk disk = disk();
    disk.damage(name, contents);
    judge(what + " " + where, disk);
  }

  private void check(String what, String name, byte[] contents) {
    check(what, name, name, contents);
  }

  private void judge(String what, MemoryDisk disk) {
    try {
      WalFixture node = new WalFixture(disk);
      assertThat(node.recovered.startingFrom(null).snapshot()).isNull();
      started++;
      assertThat(PromisedStates.State.of(node.recovered)).as(what).isEqualTo(script.states.last());
    } catch (StorageFailure failure) {
      refused++;
      assertThat(failure.exitCode()).as(what).isIn(ExitCode.DAMAGED, ExitCode.IDENTITY);
      assertThat(failure.getMessage()).as(what).contains("disk/");
    }
  }

  private MemoryDisk disk() {
    MemoryDisk disk = new MemoryDisk();
    intact.forEach(disk::damage);
    return disk;
  }

  private byte[] intact(String name) {
    return intact.getOrDefault(name, new byte[0]);
  }
}
