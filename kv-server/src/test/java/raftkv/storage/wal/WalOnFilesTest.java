package raftkv.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static raftkv.storage.wal.WalFixture.entries;
import static raftkv.storage.wal.WalFixture.term;
import static raftkv.storage.wal.WalFixture.vote;
import static raftkv.storage.wal.WalFixture.write;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.storage.disk.FileDisk;

/** The log on real files: what the disk in memory cannot show. */
final class WalOnFilesTest {
  @TempDir Path directory;

  @Test
  void findsItsLogAgain() {
    WalFixture node = open();
    node.run();
    node.appendAndRun(write(1, vote(7, 2), entries(1, 40, 7, 1000), 39));
    node.close();

    WalFixture again = open();

    assertThat(again.recovered.hardState()).isEqualTo(vote(7, 2));
    assertThat(again.recovered.entries()).isEqualTo(entries(1, 40, 7, 1000));
    assertThat(again.recovered.commitIndex()).isEqualTo(39);
    assertThat(again.warnings).isEmpty();
    again.close();
  }

  @Test
  void keepsASecondHolderOut() {
    WalFixture node = open();

    StorageFailure failure = catchThrowableOfType(StorageFailure.class, this::open);

    assertThat(failure.exitCode()).isEqualTo(ExitCode.IDENTITY);
    assertThat(failure).hasMessageContaining("another process uses this data directory");
    node.close();
    open().close();
  }

  /**
   * Hazard 84: nobody interrupts the disk worker, since that closes the file under it. Should it
   * happen, the node ends and says why, and the log keeps what it promised.
   */
  @Test
  void endsWhenItsThreadIsInterrupted() {
    WalFixture node = open();
    node.run();
    node.appendAndRun(write(1, term(1), entries(1, 1, 1, 10), 0));

    Thread.currentThread().interrupt();
    node.appendAndRun(write(2, term(1), entries(2, 1, 1, 10), 0));
    boolean wasInterrupted = Thread.interrupted();
    node.appendAndRun(write(3, term(1), entries(3, 1, 1, 10), 0));
    node.close();

    assertThat(wasInterrupted).isTrue();
    assertThat(node.persisted).containsExactly(1L);
    assertThat(node.failures).hasSize(1);
    assertThat(node.failures.get(0))
        .hasMessageEndingWith("at offset 9216 failed: the writing thread was interrupted");
    WalFixture again = open();
    assertThat(again.recovered.entries()).isEqualTo(entries(1, 1, 1, 10));
    again.close();
  }

  /** A closing thread that is interrupted still waits for the end, and stays interrupted. */
  @Test
  void closesInSpiteOfAnInterrupt() {
    WalFixture node = open();
    node.run();
    node.wal.append(write(1, term(1), List.of(), 0));
    Thread closing = new Thread(node.wal::close);
    closing.start();
    closing.interrupt();

    while (closing.isAlive()) {
      node.run();
      Thread.onSpinWait();
    }

    assertThat(node.persisted).containsExactly(1L);
    open().close();
  }

  private WalFixture open() {
    return new WalFixture(FileDisk.open(directory));
  }
}
