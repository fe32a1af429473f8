package raftkv.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static raftkv.storage.wal.WalFixture.entries;
import static raftkv.storage.wal.WalFixture.entry;
import static raftkv.storage.wal.WalFixture.term;
import static raftkv.storage.wal.WalFixture.vote;
import static raftkv.storage.wal.WalFixture.write;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import raftkv.port.StorageFailure;
import raftkv.raft.DurableState;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.Survival;

/** What the page cache claims after a force that failed, and the disk does not have (hazard 76). */
final class FailedForceTest {
  private static final WalConfig CONFIG = WalFixture.MEDIUM;

  private MemoryDisk disk = new MemoryDisk();

  /**
   * Hazard 76: the run ends with a force that fails, whichever it is, and the next one reads from
   * the page cache what is on no platter. What it finds it speaks for, so no power cut may take it,
   * whenever the cache lets go of it.
   */
  @Test
  void writesAgainWhatAFailedForceLeftInThePageCache() {
    for (int readsToEviction = 0; readsToEviction < 8; readsToEviction++) {
      int forces = 0;
      while (endsByFailedForce(forces)) {
        disk = disk.afterKill();
        disk.guard(evictAfter(readsToEviction));
        DurableState spokenFor = new WalFixture(disk, CONFIG).recovered.startingFrom(null);

        assertThat(afterPowerCut().startingFrom(null)).isEqualTo(spokenFor);
        forces++;
      }
      assertThat(forces).isGreaterThan(40);
    }
  }

  /** A run whose force after so many fails, if it has so many. */
  private boolean endsByFailedForce(int forces) {
    disk = new MemoryDisk();
    WalFixture node = new WalFixture(disk, WalFixture.SMALL);
    node.run();
    disk.guard(failForceAfter(forces));
    for (int i = 1; i <= 30; i++) {
      node.appendAndRun(write(i, vote(i, 2), entries(i, 1, i, 1500), 0));
      node.pass(i % 5 == 0 ? WalFixture.SMALL.idleNanos() : 0);
    }
    return !node.failures.isEmpty();
  }

  /**
   * The same for a force of the start itself, behind a torn group: what it zeroed in vain may come
   * back, and must not continue what is written then, though the first record is the old one again.
   */
  @Test
  void whatAFailedForceDidNotZeroDoesNotComeBack() {
    for (int forces = 0; forces < 4; forces++) {
      disk = new MemoryDisk();
      WalFixture node = new WalFixture(disk, CONFIG);
      node.run();
      node.appendAndRun(write(1, term(1), entries(1, 1, 1, 50), 0));
      node.pass(CONFIG.idleNanos());
      node.wal.append(write(2, term(1), entries(2, 1, 1, 300), 0));
      node.wal.append(WalFixture.cut(3, term(2), 2, entries(2, 1, 2, 300), 0));
      disk.guard(MemoryDisk.Guard.cutPowerBefore("force"));
      assertThat(catchThrowableOfType(MemoryDisk.PowerCut.class, node::run)).isNotNull();
      disk = disk.crash(Survival.sectorsOfLastWrite(0b10)); // the second batch alone
      disk.guard(failForceAfter(forces));
      StorageFailure failed =
          catchThrowableOfType(StorageFailure.class, () -> new WalFixture(disk, CONFIG));
      assertThat(failed == null).as("a start has three forces").isEqualTo(forces == 3);
      disk = disk.afterKill();

      WalFixture next = new WalFixture(disk, CONFIG);
      next.run();
      next.appendAndRun(write(1, term(1), entries(2, 1, 1, 300), 0));

      assertThat(afterPowerCut().entries().get(1)).isEqualTo(entry(2, 1, 300));
    }
  }

  private RecoveredLog afterPowerCut() {
    disk = disk.crash(Survival.none());
    return new WalFixture(disk, CONFIG).recovered;
  }

  private static MemoryDisk.Guard failForceAfter(int forces) {
    AtomicInteger left = new AtomicInteger(forces);
    return call -> {
      if (call.startsWith("force segment") && left.getAndDecrement() == 0) {
        throw new IOException("Input/output error");
      }
    };
  }

  private MemoryDisk.Guard evictAfter(int reads) {
    AtomicInteger left = new AtomicInteger(reads);
    return call -> {
      if (call.startsWith("read segment") && left.getAndDecrement() == 0) {
        disk.evict();
      }
    };
  }
}
