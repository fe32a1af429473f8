package raftkv.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.storage.wal.WalFixture.cut;
import static raftkv.storage.wal.WalFixture.entries;
import static raftkv.storage.wal.WalFixture.term;
import static raftkv.storage.wal.WalFixture.vote;
import static raftkv.storage.wal.WalFixture.write;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.Survival;

/**
 * Pins every disk call of a log's life: what is written where, and what is forced before whom. Run
 * with {@code -Dgolden.update=true} to write the trace anew; commit only a difference that you can
 * explain.
 */
final class WalTraceTest {
  private static final String GOLDEN = "wal-disk-calls.txt";

  private static final WalConfig CONFIG =
      new WalConfig(32 << 10, 16 << 10, 20_000_000L, 1_000_000_000L);

  private final StringBuilder story = new StringBuilder();
  private MemoryDisk disk = new MemoryDisk();
  private int told;

  @Test
  void callsTheDiskAsTheGoldenTraceSays() throws IOException {
    tellWholeLife();

    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(Path.of("src/test/resources", GOLDEN), story);
    }
    assertThat(story.toString()).isEqualTo(golden());
  }

  private void tellWholeLife() {
    WalFixture node = new WalFixture(disk, CONFIG);
    tell("a blank directory: lock, identity, first segment, marker", node);
    node.run();
    tell("two segments are prepared ahead", node);
    node.appendAndRun(write(1, vote(1, 1), List.of(), 0));
    tell("a vote", node);
    node.wal.append(write(2, vote(1, 1), entries(1, 2, 1, 100), 0));
    node.wal.append(write(3, vote(1, 1), entries(3, 1, 1, 900), 1));
    node.wal.append(write(4, term(2), List.of(), 2));
    node.run();
    tell("three writes that were queued, entries and a new term: one batch, one force", node);
    node.pass(CONFIG.idleNanos());
    tell("20 ms without a write: the marker, in two pages", node);
    node.wal.append(write(5, term(2), entries(4, 1, 2, 10), 3));
    node.wal.append(cut(6, term(3), 3, entries(3, 1, 3, 10), 2));
    node.run();
    tell("an entry, and a cut behind it: two batches, one write, one force", node);
    node.appendAndRun(write(7, term(3), entries(4, 2, 3, 9000), 2));
    tell("a write that does not fit: two batches, over two segments", node);
    node.close();
    tell("the end: marker, then the lock", node);
    disk = disk.crash(Survival.none());
    told = 0;
    node = new WalFixture(disk, CONFIG);
    tell("started again: end written again, forced, marked", node);
    node.appendAndRun(write(1, vote(4, 2), List.of(), 5));
    disk = disk.crash(Survival.none());
    told = 0;
    node = new WalFixture(disk, CONFIG);
    tell("started again after a crash behind a forced write: marked", node);
    node.wal.append(write(1, vote(5, 2), entries(6, 1, 5, 700), 5));
    tearLastWrite(node);
    node = new WalFixture(disk, CONFIG);
    tell("started again behind a torn write: zeroed, forced, marked", node);
  }

  /** The last of the write's three sectors reaches the disk, and nothing else of it. */
  private void tearLastWrite(WalFixture node) {
    disk.guard(MemoryDisk.Guard.cutPowerBefore("force"));
    try {
      node.run();
    } catch (MemoryDisk.PowerCut expected) {
      disk = disk.crash(Survival.sectorsOfLastWrite(0b10));
      told = 0;
    }
  }

  private void tell(String step, WalFixture node) {
    story.append("# ").append(step).append('\n');
    List<String> trace = disk.trace();
    trace.subList(told, trace.size()).forEach(call -> story.append(call).append('\n'));
    told = trace.size();
    node.warnings.forEach(warning -> story.append("-> warning ").append(warning).append('\n'));
    node.warnings.clear();
    story.append('\n');
  }

  private static String golden() throws IOException {
    try (InputStream file = WalTraceTest.class.getResourceAsStream("/" + GOLDEN)) {
      return file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
