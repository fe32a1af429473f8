package raftkv.storage.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import raftkv.port.Disk;
import raftkv.port.DiskFile;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;

final class FileDiskTest implements DiskConformance {
  @TempDir Path parent;
  private Disk disk;

  @BeforeEach
  void openDisk() {
    disk = FileDisk.open(parent.resolve("deep/data"));
  }

  @Override
  public Disk disk() {
    return disk;
  }

  /** An error is no absence: a fence that cannot be looked at is up. */
  @Test
  void whatCannotBeLookedAtIsNotTakenForMissing() throws IOException {
    Files.createSymbolicLink(parent.resolve("deep/data/loop"), Path.of("loop"));

    assertThatThrownBy(() -> disk.exists("loop")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> disk.list()).isInstanceOf(IOException.class);
    assertThat(disk.exists("nothing")).isFalse();
  }

  @Test
  void createsTheDirectoryWithItsParents() {
    assertThat(parent.resolve("deep/data")).isDirectory();
  }

  @Test
  void opensAnExistingDirectory() throws IOException {
    disk.create("a").close();

    assertThat(FileDisk.open(parent.resolve("deep/data")).list()).containsExactly("a");
  }

  @Test
  void refusesADirectoryThatCannotBe() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));

    StorageFailure inTheWay = catchThrowableOfType(StorageFailure.class, () -> FileDisk.open(file));
    StorageFailure below =
        catchThrowableOfType(StorageFailure.class, () -> FileDisk.open(file.resolve("data")));

    assertThat(inTheWay.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(inTheWay)
        .hasMessage(
            "data directory " + file + " cannot be used: a file of that name is in the way");
    assertThat(below.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
  }

  @Test
  void listsNoDirectories() throws IOException {
    Files.createDirectory(parent.resolve("deep/data/lost+found"));

    assertThat(disk.list()).isEmpty();
  }

  @Test
  void seesTheLockThroughAnotherPath() throws IOException {
    Path link = Files.createSymbolicLink(parent.resolve("link"), parent.resolve("deep/data"));

    Disk.Lock lock = Objects.requireNonNull(disk.tryLock("lock"));

    assertThat(FileDisk.open(link).tryLock("lock")).isNull();
    lock.release();
  }

  /** Hazard 86: a channel may take less than it was given, and rarely takes what one hopes. */
  @Test
  void continuesShortWrites() throws IOException {
    StingyChannel channel = new StingyChannel(3);
    ByteBuffer[] buffers = {buffer("ab"), buffer(""), buffer("cdefgh"), buffer("i"), buffer("")};

    ChannelFile.writeFully(channel, buffers);

    assertThat(channel.written()).isEqualTo("abcdefghi");
    assertThat(channel.calls).isEqualTo(3);
  }

  @Test
  void doesNotSpinOnAChannelThatTakesNothing() {
    StingyChannel channel = new StingyChannel(0);

    assertThatThrownBy(() -> ChannelFile.writeFully(channel, new ByteBuffer[] {buffer("a")}))
        .isInstanceOf(IOException.class)
        .hasMessage("the disk takes no more bytes");
  }

  /**
   * Hazard 84: an interrupt closes the channel, for good. That is why nobody interrupts the disk
   * thread; if it happens all the same, calls fail instead of doing half of something.
   */
  @Test
  void failsForGoodWhenInterrupted() throws IOException {
    try (DiskFile file = disk.create("a")) {
      Thread.currentThread().interrupt();
      IOException first =
          catchThrowableOfType(
              IOException.class, () -> file.write(new ByteBuffer[] {buffer("x")}, 0));
      boolean wasInterrupted = Thread.interrupted();

      assertThat(IoCause.of(first)).isEqualTo("the writing thread was interrupted");
      assertThat(wasInterrupted).isTrue();
      assertThatThrownBy(file::force).isInstanceOf(IOException.class);
    }
  }

  private static ByteBuffer buffer(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Takes at most so many bytes a call. */
  private static final class StingyChannel implements GatheringByteChannel {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final int bytesPerCall;
    private int calls;

    StingyChannel(int bytesPerCall) {
      this.bytesPerCall = bytesPerCall;
    }

    String written() {
      return taken.toString(StandardCharsets.UTF_8);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
      calls++;
      int count = 0;
      for (int i = offset; i < offset + length; i++) {
        while (count < bytesPerCall && sources[i].hasRemaining()) {
          taken.write(sources[i].get());
          count++;
        }
      }
      return count;
    }

    @Override
    public long write(ByteBuffer[] sources) {
      return write(sources, 0, sources.length);
    }

    @Override
    public int write(ByteBuffer source) {
      return (int) write(new ByteBuffer[] {source});
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
