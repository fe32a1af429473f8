package raftkv.storage.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import raftkv.port.Disk;
import raftkv.port.DiskFile;

/** What every disk must do, the real one and the one in memory alike. */
interface DiskConformance {
  /** An empty disk, the same one throughout a test. */
  Disk disk();

  @Test
  default void readsWhatWasWrittenAtItsOffset() throws IOException {
    try (DiskFile file = disk().create("a")) {
      file.write(buffers("hello", ", ", "world"), 3);

      assertThat(read(file, 3, 12)).isEqualTo("hello, world");
      assertThat(read(file, 0, 3)).isEqualTo("\0\0\0");
      assertThat(file.sizeBytes()).isEqualTo(15);
    }
  }

  @Test
  default void overwritesInPlace() throws IOException {
    try (DiskFile file = disk().create("a")) {
      file.write(buffers("0123456789"), 0);
      file.write(buffers("ab"), 4);
      file.force();

      assertThat(read(file, 0, 10)).isEqualTo("0123ab6789");
      assertThat(file.sizeBytes()).isEqualTo(10);
    }
  }

  @Test
  default void consumesTheBuffersGiven() throws IOException {
    ByteBuffer[] buffers = buffers("x", "", "yz");
    try (DiskFile file = disk().create("a")) {
      file.write(buffers, 0);
    }

    assertThat(buffers).allSatisfy(buffer -> assertThat(buffer.hasRemaining()).isFalse());
  }

  @Test
  default void writesMoreBuffersThanOneCallTakes() throws IOException {
    ByteBuffer[] buffers = new ByteBuffer[3000];
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = ByteBuffer.wrap(new byte[] {(byte) ('a' + i % 26)});
    }
    try (DiskFile file = disk().create("a")) {
      file.write(buffers, 0);

      assertThat(file.sizeBytes()).isEqualTo(3000);
      assertThat(read(file, 2600, 26)).isEqualTo("abcdefghijklmnopqrstuvwxyz");
    }
  }

  @Test
  default void readsUpToTheEndAndNoFurther() throws IOException {
    try (DiskFile file = disk().create("a")) {
      file.write(buffers("0123456789"), 0);

      assertThat(read(file, 8, 10)).isEqualTo("89");
      assertThat(read(file, 10, 10)).isEmpty();
      assertThat(read(file, 1000, 10)).isEmpty();
    }
  }

  @Test
  default void findsTheContentsAgainAfterClosing() throws IOException {
    try (DiskFile file = disk().create("a")) {
      file.write(buffers("kept"), 0);
      file.force();
    }

    try (DiskFile file = disk().open("a")) {
      assertThat(read(file, 0, 4)).isEqualTo("kept");
    }
  }

  @Test
  default void listsNamesInAscendingOrder() throws IOException {
    for (String name : new String[] {"b", "c", "a"}) {
      disk().create(name).close();
    }
    disk().forceDirectory();

    assertThat(disk().list()).containsExactly("a", "b", "c");
  }

  @Test
  default void createsOnlyWhatIsMissingAndOpensOnlyWhatExists() throws IOException {
    disk().create("a").close();

    assertThat(disk().exists("a")).isTrue();
    assertThat(disk().exists("b")).isFalse();
    assertThatThrownBy(() -> disk().create("a")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> disk().open("b")).isInstanceOf(IOException.class);
  }

  @Test
  default void renamesOverAnExistingFile() throws IOException {
    try (DiskFile file = disk().create("new")) {
      file.write(buffers("new"), 0);
    }
    disk().create("old").close();

    disk().rename("new", "old");
    disk().forceDirectory();

    assertThat(disk().list()).containsExactly("old");
    try (DiskFile file = disk().open("old")) {
      assertThat(read(file, 0, 3)).isEqualTo("new");
    }
    assertThatThrownBy(() -> disk().rename("new", "x")).isInstanceOf(IOException.class);
  }

  @Test
  default void deletesFiles() throws IOException {
    disk().create("a").close();

    disk().delete("a");
    disk().forceDirectory();

    assertThat(disk().list()).isEmpty();
    assertThatThrownBy(() -> disk().delete("a")).isInstanceOf(IOException.class);
  }

  @Test
  default void givesALockToOneHolderAtATime() throws IOException {
    Disk.Lock lock = Objects.requireNonNull(disk().tryLock("lock"));

    assertThat(disk().tryLock("lock")).isNull();
    assertThat(disk().tryLock("lock")).isNull();
    lock.release();
    Objects.requireNonNull(disk().tryLock("lock")).release();

    assertThat(disk().exists("lock")).isTrue();
  }

  @Test
  default void refusesAClosedFile() throws IOException {
    DiskFile file = disk().create("a");
    file.close();

    assertThatThrownBy(() -> file.write(buffers("x"), 0)).isInstanceOf(IOException.class);
    assertThatThrownBy(file::force).isInstanceOf(IOException.class);
  }

  @Test
  default void knowsItsFreeSpaceAndNamesItsFiles() throws IOException {
    assertThat(disk().freeSpaceBytes()).isPositive();
    assertThat(disk().describe("a")).endsWith("/a");
  }

  private static ByteBuffer[] buffers(String... texts) {
    ByteBuffer[] buffers = new ByteBuffer[texts.length];
    for (int i = 0; i < texts.length; i++) {
      buffers[i] = ByteBuffer.wrap(texts[i].getBytes(StandardCharsets.UTF_8));
    }
    return buffers;
  }

  private static String read(DiskFile file, long offset, int length) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(length);
    int count = file.read(target, offset);
    assertThat(count).isEqualTo(target.position());
    return new String(target.array(), 0, count, StandardCharsets.UTF_8);
  }
}
