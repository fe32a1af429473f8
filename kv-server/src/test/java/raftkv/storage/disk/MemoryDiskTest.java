package raftkv.storage.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import raftkv.port.Disk;
import raftkv.port.DiskFile;

final class MemoryDiskTest implements DiskConformance {
  private final MemoryDisk disk = new MemoryDisk();

  @Override
  public Disk disk() {
    return disk;
  }

  @Test
  void losesWhatWasNotForced() throws IOException {
    DiskFile file = durableFile("a");
    write(file, 0, 'x', 10);
    file.force();
    write(file, 5, 'y', 10);

    assertThat(disk.crash(Survival.none()).contents("a")).isEqualTo(bytes('x', 10));
  }

  @Test
  void keepsWhatWasForced() throws IOException {
    DiskFile file = durableFile("a");
    write(file, 0, 'x', 2000);
    file.force();

    assertThat(disk.crash(Survival.none()).contents("a")).isEqualTo(bytes('x', 2000));
  }

  @Test
  void keepsSomeSectorsOfAnUnforcedWrite() throws IOException {
    DiskFile file = durableFile("a");
    write(file, 0, 'x', 1536);
    file.force();
    write(file, 100, 'y', 1200);

    byte[] left = disk.crash(Survival.sectorsOfLastWrite(0b101)).contents("a");

    assertThat(Arrays.copyOfRange(left, 100, 512)).isEqualTo(bytes('y', 412));
    assertThat(Arrays.copyOfRange(left, 512, 1024)).isEqualTo(bytes('x', 512));
    assertThat(Arrays.copyOfRange(left, 1024, 1300)).isEqualTo(bytes('y', 276));
    assertThat(Arrays.copyOfRange(left, 1300, 1536)).isEqualTo(bytes('x', 236));
  }

  @Test
  void cutsTheLastWriteAtAByte() throws IOException {
    DiskFile file = durableFile("a");
    write(file, 0, 'x', 700);
    write(file, 700, 'y', 700);

    assertThat(disk.lastUnforcedBytes()).isEqualTo(700);
    assertThat(disk.crash(Survival.cutLastWriteAt(601)).contents("a")).hasSize(1301);
  }

  @Test
  void losesNamesThatWereNotForced() throws IOException {
    durableFile("old");
    disk.rename("old", "renamed");
    disk.create("new").close();

    assertThat(disk.crash(Survival.none()).list()).containsExactly("old");
  }

  @Test
  void keepsNameChangesInTheirOrder() throws IOException {
    durableFile("old");
    disk.rename("old", "renamed");
    disk.create("new").close();

    MemoryDisk left = disk.crash(cutNamesAt(1));

    assertThat(left.list()).containsExactly("renamed");
  }

  @Test
  void doesNotForceTheNameWithTheContents() throws IOException {
    DiskFile file = disk.create("a");
    write(file, 0, 'x', 10);
    file.force();

    assertThat(disk.crash(Survival.none()).list()).isEmpty();
  }

  @Test
  void doesNotForceTheContentsWithTheName() throws IOException {
    DiskFile file = durableFile("a");
    write(file, 0, 'x', 10);
    disk.forceDirectory();

    assertThat(disk.crash(Survival.none()).contents("a")).isEmpty();
  }

  @Test
  void takesNoCallsOnceItIsOff() throws IOException {
    DiskFile file = durableFile("a");
    disk.crash(Survival.all());

    assertThatThrownBy(() -> write(file, 0, 'x', 1)).isInstanceOf(MemoryDisk.PowerCut.class);
    assertThatThrownBy(disk::list).isInstanceOf(MemoryDisk.PowerCut.class);
  }

  @Test
  void releasesLocksInACrash() throws IOException {
    disk.tryLock("lock");

    assertThat(disk.crash(Survival.all()).tryLock("lock")).isNotNull();
  }

  @Test
  void tellsWhatWasDone() throws IOException {
    try (DiskFile file = disk.create("a")) {
      write(file, 512, 'x', 3);
      file.force();
    }
    disk.rename("a", "b");
    disk.forceDirectory();
    disk.delete("b");

    assertThat(disk.trace())
        .containsExactly(
            "create a", "write a 512+3", "force a", "rename a b", "force directory", "delete b");
  }

  @Test
  void throwsWhatTheGuardThrowsAndDoesNothing() throws IOException {
    DiskFile file = durableFile("a");
    disk.guard(
        call -> {
          if (call.startsWith("write")) {
            throw new IOException("no luck with " + call);
          }
        });

    assertThatThrownBy(() -> write(file, 0, 'x', 3)).hasMessage("no luck with write a 0+3");
    assertThat(file.sizeBytes()).isZero();
  }

  private DiskFile durableFile(String name) throws IOException {
    DiskFile file = disk.create(name);
    file.force();
    disk.forceDirectory();
    return file;
  }

  private static void write(DiskFile file, long offset, char letter, int count) throws IOException {
    file.write(new ByteBuffer[] {ByteBuffer.wrap(bytes(letter, count))}, offset);
  }

  private static byte[] bytes(char letter, int count) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) letter);
    return bytes;
  }

  private static Survival cutNamesAt(int count) {
    return new Survival() {
      @Override
      public int nameChanges(int pending) {
        return count;
      }

      @Override
      public int survivingBytes(int fromLast, int sector, int length) {
        return 0;
      }
    };
  }
}
