package raftkv.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.storage.NodeFiles.Shape;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.Survival;

/**
 * One flipped byte anywhere in any file of a node: the start comes to the very same state, or is
 * refused in a sentence that names the file. It never comes to another state (hazards 71, 74).
 */
final class StartDamageTest {
  private final Map<String, byte[]> intact = new TreeMap<>();
  private List<Object> expected = List.of();
  private int harmless;
  private int setAside;
  private int refused;

  @BeforeEach
  void writeTheFiles() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    NodeFiles.write(disk, Shape.TINY);
    MemoryDisk left = disk.crash(Survival.none());
    for (String name : left.list()) {
      intact.put(name, left.contents(name));
    }
    expected = NodeFiles.start(left, NodeFiles.SMALL).facts();
  }

  @Test
  void theFilesAreAsManyAsTheTestMeans() {
    assertThat(intact.keySet())
        .filteredOn(name -> name.endsWith(".wal"))
        .hasSizeGreaterThanOrEqualTo(3);
    assertThat(intact.keySet()).filteredOn(name -> name.endsWith(".snap")).hasSize(2);
    assertThat(expected.get(3)).isEqualTo(50L);
  }

  /** Every written byte, one bit each, and of the zeros every 64th. */
  @Test
  void seesEveryFlippedByteOfEveryFile() {
    for (Map.Entry<String, byte[]> file : intact.entrySet()) {
      for (int at = 0; at < file.getValue().length; at++) {
        if (file.getValue()[at] != 0 || at % 64 == 0) {
          byte[] flipped = file.getValue().clone();
          flipped[at] ^= (byte) (1 << at % 8);
          judge(file.getKey(), at, flipped);
        }
      }
    }
    System.out.printf(
        "flips in small files: %d; %d harmless, %d snapshots set aside, %d refused%n",
        harmless + setAside + refused, harmless, setAside, refused);
    assertThat(refused).isGreaterThan(3_000);
    assertThat(setAside).isGreaterThan(1_000);
    assertThat(harmless).isGreaterThan(100);
  }

  private void judge(String name, int at, byte[] contents) {
    MemoryDisk disk = new MemoryDisk();
    intact.forEach(disk::damage);
    disk.damage(name, contents);
    try {
      NodeFiles.Start start = NodeFiles.start(disk, NodeFiles.SMALL);
      assertThat(start.facts()).as("%s %d", name, at).isEqualTo(expected);
      List<String> damaged = new ArrayList<>(start.warnings());
      damaged.removeIf(line -> !line.contains("is damaged"));
      setAside += damaged.size();
      harmless += 1 - damaged.size();
      assertThat(damaged).allMatch(line -> line.contains("disk/" + name));
    } catch (StorageFailure failure) {
      refused++;
      assertThat(failure.exitCode())
          .as("%s %d", name, at)
          .isIn(ExitCode.DAMAGED, ExitCode.IDENTITY);
      assertThat(failure.getMessage()).as("%s %d", name, at).contains("disk/");
    }
  }
}
