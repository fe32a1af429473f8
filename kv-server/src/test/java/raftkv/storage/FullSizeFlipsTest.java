package raftkv.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import raftkv.kv.KvStateMachine;
import raftkv.port.ExitCode;
import raftkv.port.LogFragments;
import raftkv.port.SnapshotFile;
import raftkv.port.StorageFailure;
import raftkv.raft.Check;
import raftkv.raft.HardState;
import raftkv.raft.LogEntry;
import raftkv.storage.NodeFiles.Shape;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.disk.FlippedDisk;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.OverlayDisk;
import raftkv.storage.disk.Survival;
import raftkv.storage.snapshot.SnapshotRecovery;
import raftkv.storage.wal.DamagedLog;
import raftkv.storage.wal.LogRecovery;
import raftkv.storage.wal.RecoveredLog;
import raftkv.storage.wal.WalConfig;

/**
 * Flipped bits in files of the size that a server writes, in every byte of the identity and at
 * seeded places of log and snapshot: these are read as a start reads them, and now and then the
 * whole node is started. Each flip is harmless, or is told with file and offset: then what it has
 * hit comes from the other members (what is taken for intact is what was written), or from the
 * snapshot before, or the start is refused. Never another state (hazards 71, 74). Small files are
 * flipped everywhere: {@link StartDamageTest}.
 */
final class FullSizeFlipsTest {
  private static final long SEED = 20_260_613;
  private static final int PLACES = 10_000;

  /** Of how many flips one starts the whole node, and one has the rest of its log examined. */
  private static final int WHOLE_STARTS = 501;

  private static final int EXAMINED = 100;

  private static final SortedMap<String, byte[]> FILES = new TreeMap<>();
  private static String newest = "";
  private static String older = "";
  private static List<Object> facts = List.of();
  private static RecoveredLog log;

  /** The segment's, without the zeros behind them. */
  private static int writtenBytes;

  private static final String SEGMENT = "segment-0000000001.wal";

  /** Of how many flips one is in the log, the others in the newest snapshot. */
  private static final int IN_LOG = 10;

  private final AtomicInteger harmless = new AtomicInteger();
  private final AtomicInteger restorable = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  @BeforeAll
  static void writeTheFiles() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    NodeFiles.write(disk, Shape.FULL);
    MemoryDisk left = disk.crash(Survival.none());
    for (String name : left.list()) {
      FILES.put(name, left.contents(name));
      if (name.endsWith(".snap")) {
        older = newest;
        newest = name;
      }
    }
    facts = NodeFiles.start(intact(), WalConfig.DEFAULT).facts();
    log = recover(intact());
    writtenBytes = writtenBytes(Check.present(FILES.get(SEGMENT), "there is a segment"));
  }

  private static OverlayDisk intact() {
    return flipped(FILES, "", 0, 0);
  }

  private static OverlayDisk flipped(
      SortedMap<String, byte[]> files, String name, int at, int mask) {
    return new OverlayDisk(new FlippedDisk(files, name, at, mask));
  }

  @Test
  void theFilesAreAsLargeAsAServersAre() {
    assertThat(FILES.get(SEGMENT)).hasSize(16 << 20);
    assertThat(writtenBytes).isGreaterThan(12 << 20);
    assertThat(FILES.get(newest)).hasSizeGreaterThan(32 * (64 << 10));
  }

  @Test
  void everyFlipIsHarmlessOrToldWithFileAndOffset() {
    long begin = System.nanoTime();
    for (int at = 0; at < FILES.get("identity").length; at++) {
      start("identity", at, 1 << at % 8);
    }
    int places = PLACES - FILES.get("identity").length;
    IntStream.range(0, places).parallel().forEach(this::flip);

    System.out.printf(
        "flips in full-size files: %d; %d harmless, %d restorable, %d refused; %.1f s%n",
        PLACES, harmless.get(), restorable.get(), refused.get(), (System.nanoTime() - begin) / 1e9);
    assertThat(harmless.get() + restorable.get() + refused.get()).isEqualTo(PLACES);
    assertThat(restorable.get()).isGreaterThan(PLACES * 9 / 10);
  }

  private void flip(int number) {
    SplittableRandom random = new SplittableRandom(SEED + number);
    boolean inLog = number % IN_LOG == 0;
    String name = inLog ? SEGMENT : newest;
    int at = random.nextInt(inLog ? writtenBytes : FILES.get(newest).length);
    int mask = 1 << random.nextInt(8);
    if (number % WHOLE_STARTS == 0) {
      start(name, at, mask);
    } else if (inLog) {
      readLog(at, mask, number % EXAMINED == 0);
    } else {
      readSnapshot(at, mask);
    }
  }

  private static int writtenBytes(byte[] file) {
    int end = file.length;
    while (end > 0 && file[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private void start(String name, int at, int mask) {
    try {
      NodeFiles.Start start = NodeFiles.start(flipped(FILES, name, at, mask), WalConfig.DEFAULT);
      assertThat(start.facts()).as("%s %d", name, at).isEqualTo(facts);
      List<String> told = new ArrayList<>(start.warnings());
      told.removeIf(line -> !line.contains("is damaged"));
      assertThat(told).allMatch(line -> line.contains(name) && line.contains("offset"));
      restorable.addAndGet(told.size());
      harmless.addAndGet(1 - told.size());
    } catch (StorageFailure failure) {
      onFailure(failure, name, at);
    }
  }

  private void readSnapshot(int at, int mask) {
    SortedMap<String, byte[]> files = new TreeMap<>(FILES);
    files.remove(older);
    List<String> warnings = new ArrayList<>();
    KvStateMachine machine = new KvStateMachine();
    DataDirectory directory =
        DataDirectory.open(flipped(files, newest, at, mask), NodeFiles.NODE, warnings::add);
    SnapshotFile found =
        SnapshotRecovery.recover(directory, NodeFiles.readers(machine), warnings::add).newest();
    assertThat(found).as("%s %d", newest, at).isNull();
    assertThat(warnings).singleElement().asString().contains("disk/" + newest, "at offset");
    restorable.incrementAndGet();
  }

  private void readLog(int at, int mask, boolean examined) {
    OverlayDisk disk = flipped(FILES, SEGMENT, at, mask);
    try {
      RecoveredLog found = recover(disk);
      String where = SEGMENT + " " + at;
      assertThat(found.hardState()).as(where).isEqualTo(log.hardState());
      assertThat(found.base()).as(where).isEqualTo(log.base());
      assertThat(found.entries().equals(log.entries())).as(where).isTrue();
      harmless.incrementAndGet();
    } catch (StorageFailure failure) {
      onFailure(failure, SEGMENT, at);
      if (examined && failure.exitCode() == ExitCode.DAMAGED) {
        examine(disk, SEGMENT + " " + at);
      }
    }
  }

  private static RecoveredLog recover(OverlayDisk disk) {
    DataDirectory directory = DataDirectory.open(disk, NodeFiles.NODE, ignored -> {});
    return LogRecovery.recover(directory, WalConfig.DEFAULT, ignored -> {});
  }

  private void onFailure(StorageFailure failure, String name, int at) {
    assertThat(failure.getMessage()).as("%s %d", name, at).contains("disk/" + name);
    if (failure.exitCode() == ExitCode.DAMAGED) {
      assertThat(failure.getMessage()).as("%s %d", name, at).contains("at offset");
      restorable.incrementAndGet();
    } else {
      assertThat(failure.exitCode()).isIn(ExitCode.IDENTITY, ExitCode.NEWER_FORMAT);
      refused.incrementAndGet();
    }
  }

  /** What a member would ask the others for: all that it believes to have is true. */
  private static void examine(OverlayDisk disk, String where) {
    DataDirectory directory = DataDirectory.open(disk, NodeFiles.NODE, ignored -> {});
    LogFragments found = DamagedLog.examine(directory, WalConfig.DEFAULT, null).fragments();
    HardState promised = log.hardState();
    assertThat(found.hardState()).as(where).isEqualTo(promised);
    assertThat(found.hardStateLost()).as(where).isFalse();
    assertThat(found.last().index()).as(where).isEqualTo(log.entries().size());
    assertThat(found.entries()).as(where).hasSizeGreaterThan(log.entries().size() / 2);
    for (LogEntry entry : found.entries()) {
      LogEntry written = log.entries().get((int) entry.index() - 1);
      assertThat(entry.equals(written)).as("%s, %s", where, entry.position()).isTrue();
    }
  }
}
