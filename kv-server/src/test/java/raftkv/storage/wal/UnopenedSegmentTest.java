package raftkv.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.Survival;

/**
 * A segment that cannot be opened may be intact: the start is refused and changes nothing, whether
 * the log is read or healed. Only a read that fails in an open file is rot (safety rule 6.1).
 */
final class UnopenedSegmentTest {
  private final Map<String, byte[]> intact = new TreeMap<>();

  @BeforeEach
  void writeTheLog() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    new WalScript(WalScript.Life.WITHOUT_RESET).run(disk);
    for (String name : disk.crash(Survival.none()).list()) {
      intact.put(name, disk.contents(name));
    }
    assertThat(segments()).hasSizeGreaterThan(2);
  }

  /** As after one start by another user: the file is there, and not ours to open. */
  @Test
  void noSegmentThatCannotBeOpenedIsTakenForDamaged() {
    for (String name : segments()) {
      for (String call : List.of("open " + name, "size " + name)) {
        MemoryDisk disk = disk();
        deny(disk, call, name);

        refused(disk, call, () -> new WalFixture(disk));
        refused(disk, call, () -> examine(disk));
      }
    }
  }

  /** Nor while another one is damaged indeed, so that the log is to be healed. */
  @Test
  void nothingIsHealedFromWhatCannotBeOpened() {
    for (String name : segments().subList(1, segments().size())) {
      MemoryDisk disk = disk();
      byte[] damaged = disk.contents(segments().get(0)).clone();
      damaged[600] ^= 1;
      disk.damage(segments().get(0), damaged);
      deny(disk, "open " + name, name);

      refused(disk, name, () -> examine(disk));
    }
  }

  @Test
  void aDirectoryThatCannotBeReadIsNoDamageEither() {
    MemoryDisk disk = disk();
    DataDirectory directory = DataDirectory.open(disk, WalFixture.NODE, warning -> {});
    deny(disk, "list", "disk");

    refused(disk, "log", () -> LogRecovery.recover(directory, WalFixture.SMALL, warning -> {}));
    refused(disk, "healing", () -> DamagedLog.examine(directory, WalFixture.SMALL, null));
  }

  private static void examine(MemoryDisk disk) {
    try (DataDirectory directory = DataDirectory.open(disk, WalFixture.NODE, warning -> {})) {
      DamagedLog.examine(directory, WalFixture.SMALL, null);
    }
  }

  private static void deny(MemoryDisk disk, String denied, String file) {
    disk.guard(
        call -> {
          if (call.equals(denied)) {
            throw new AccessDeniedException(file);
          }
        });
  }

  private void refused(MemoryDisk disk, String what, ThrowingCallable start) {
    StorageFailure failure = catchThrowableOfType(StorageFailure.class, start);

    assertThat(failure).as(what).isNotNull();
    assertThat(failure.exitCode()).as(what).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(failure.getMessage()).as(what).endsWith("cannot be opened: permission denied");
    assertThat(disk.trace()).as(what).noneMatch(line -> line.matches("(rename|delete|write) .*"));
  }

  private MemoryDisk disk() {
    MemoryDisk disk = new MemoryDisk();
    intact.forEach((name, contents) -> disk.damage(name, contents.clone()));
    return disk;
  }

  private List<String> segments() {
    return intact.keySet().stream().filter(name -> name.startsWith("segment-")).toList();
  }
}
