package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.Survival;

/**
 * The matrix of "Protocol-Aware Recovery" (FAST'18): four committed entries of two terms on three
 * nodes, each intact or damaged: 4,096 cases. Where an intact copy of each exists (7^4 = 2,401
 * cases), all are recovered and the cluster serves; where not, nobody serves, and nothing is
 * changed.
 */
final class DamageMatrixTest {
  private static final int SECTOR = 512;
  private static final int PAGE = 4096;
  private static final int MARKER_KIND = 2;
  private static final int ENTRIES = 4;
  private static final int NODES = 3;
  private static final List<String> COMMANDS = List.of("a=1", "b=2", "c=3", "d=4");
  private static final List<String> ALL = List.of("a=1", "b=2", "c=3", "d=4", "e=5");

  /** Of each node, its files as they were when it was switched off. */
  private static final List<Map<String, byte[]>> DISKS = new ArrayList<>();

  /** So many cases of the second matrix have no majority left; of them, one in 37 is run. */
  private static final int REFUSED_STEP = 37;

  private enum Damage {
    /** A byte of the entry alone. */
    ENTRY,
    /** The sector with the entry and the header in front of it. */
    SECTOR,
    /** The same, and both copies of the marker behind all entries. */
    SECTOR_AND_MARKER
  }

  @BeforeAll
  static void writeFourEntriesToThreeNodes() throws Exception {
    DiskCluster cluster = new DiskCluster(1);
    cluster.startAll();
    for (int entry = 0; entry < ENTRIES; entry++) {
      if (entry == ENTRIES / 2) {
        elect(cluster);
      }
      assertThat(cluster.serves(COMMANDS.get(entry), 5_000)).isTrue();
    }
    cluster.time.pass(500 * VirtualTime.MILLI);
    for (DiskNode node : cluster.nodes()) {
      node.kill();
      Map<String, byte[]> files = new TreeMap<>();
      for (String name : node.disk.list()) {
        files.put(name, node.disk.contents(name));
      }
      DISKS.add(files);
      for (int entry = 0; entry < ENTRIES; entry++) {
        assertThat(offsetOf(files, entry)).as("entries have sectors of their own").isPositive();
      }
    }
  }

  /** Another leader, so that the four are of two terms. */
  private static void elect(DiskCluster cluster) {
    DiskNode old = cluster.nodes().stream().filter(DiskNode::isLeading).findFirst().orElseThrow();
    long term = old.status().raft().term();
    old.kill();
    old.start();
    assertThat(cluster.passUntil(() -> hasLeaderBehind(cluster, term), 5_000)).isTrue();
    cluster.time.pass(500 * VirtualTime.MILLI);
  }

  private static boolean hasLeaderBehind(DiskCluster cluster, long term) {
    return cluster.nodes().stream()
        .anyMatch(node -> node.isLeading() && node.status().raft().term() > term);
  }

  @Test
  void recoversWhereAnIntactCopyOfEveryEntryExistsAndElseRefuses() {
    int recovered = 0;
    int refused = 0;
    for (int bits = 0; bits < 1 << (ENTRIES * NODES); bits++) {
      boolean possible = isPossible(bits);
      check(bits, Damage.ENTRY, possible);
      if (bits % 7 == 0) {
        check(bits, Damage.SECTOR, possible);
      }
      recovered += possible ? 1 : 0;
      refused += possible ? 0 : 1;
    }
    assertThat(recovered).isEqualTo(2_401);
    assertThat(refused).isEqualTo(4_096 - 2_401);
  }

  /**
   * With the marker gone as well, nobody can say what a node promised last: it begins anew. One of
   * them is admitted again by the other two; of two, no majority is left that counts.
   */
  @Test
  void beginsAnewWhereTheMarkerIsDamagedToo() {
    int anew = 0;
    for (int bits = 1; bits < 1 << (ENTRIES * NODES); bits++) {
      long damaged = damagedNodes(bits);
      if (damaged == 1 || bits % REFUSED_STEP == 0) {
        checkAnew(bits, damaged == 1);
        anew++;
      }
    }
    assertThat(anew).isGreaterThan(100);
  }

  private static long damagedNodes(int bits) {
    long damaged = 0;
    for (int node = 0; node < NODES; node++) {
      damaged += ((bits >>> (node * ENTRIES)) & ((1 << ENTRIES) - 1)) == 0 ? 0 : 1;
    }
    return damaged;
  }

  private static void checkAnew(int bits, boolean serves) {
    String what = "case " + Integer.toBinaryString(bits) + ", markers too";
    DiskCluster cluster = started(bits, Damage.SECTOR_AND_MARKER);
    assertThat(cluster.serves("e=5", serves ? 10_000 : 2_000)).as(what).isEqualTo(serves);
    cluster.passUntil(
        () -> serves && cluster.nodes().stream().allMatch(DamageMatrixTest::isBack), 5_000);
    for (DiskNode node : cluster.nodes()) {
      boolean damaged = ((bits >>> ((node.id.value() - 1) * ENTRIES)) & ((1 << ENTRIES) - 1)) != 0;
      assertThat(node.outcomes).as(what).hasSize(damaged ? 1 : 0);
      assertThat(node.outcomes).as(what).allMatch(Restoration.Outcome.Anew.class::isInstance);
      if (serves) {
        assertThat(node.counts()).as(what).isTrue();
        assertThat(node.machine.commands).as(what).isEqualTo(ALL);
      } else {
        List<String> known = node.machine.commands;
        assertThat(known).as(what).isEqualTo(COMMANDS.subList(0, known.size()));
      }
    }
  }

  private static boolean isBack(DiskNode node) {
    return node.counts() && node.machine.commands.size() == ALL.size();
  }

  private static boolean isPossible(int bits) {
    for (int entry = 0; entry < ENTRIES; entry++) {
      boolean intact = false;
      for (int node = 0; node < NODES; node++) {
        intact |= !isDamaged(bits, node, entry);
      }
      if (!intact) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDamaged(int bits, int node, int entry) {
    return ((bits >>> (node * ENTRIES + entry)) & 1) == 1;
  }

  private static void check(int bits, Damage damage, boolean possible) {
    String what = "case " + Integer.toBinaryString(bits) + ", " + damage;
    DiskCluster cluster = started(bits, damage);
    if (possible) {
      assertThat(cluster.serves("e=5", 10_000)).as(what).isTrue();
      cluster.passUntil(
          () -> cluster.nodes().stream().allMatch(node -> node.machine.commands.size() == 5),
          5_000);
      for (DiskNode node : cluster.nodes()) {
        assertThat(node.machine.commands).as(what).isEqualTo(ALL);
        assertThat(node.outcomes).as(what).allMatch(Restoration.Outcome.Healed.class::isInstance);
      }
    } else {
      cluster.time.pass(3_000 * VirtualTime.MILLI);
      for (DiskNode node : cluster.nodes()) {
        assertThat(node.isRestoring()).as(what).isTrue();
        assertThat(node.status().condition()).as(what).startsWith("recovering: entries ");
        assertThat(node.writes("x=0")).as(what).isFalse();
        assertThat(node.disk.trace()).as(what).noneMatch(call -> call.startsWith("write"));
      }
    }
  }

  private static DiskCluster started(int bits, Damage damage) {
    DiskCluster cluster = new DiskCluster(2 + bits);
    for (int node = 0; node < NODES; node++) {
      cluster.node(node + 1).disk = disk(bits, node, damage);
    }
    cluster.startAll();
    return cluster;
  }

  private static MemoryDisk disk(int bits, int node, Damage damage) {
    MemoryDisk disk = new MemoryDisk();
    Map<String, byte[]> files = DISKS.get(node);
    files.forEach((name, contents) -> disk.damage(name, contents.clone()));
    byte[] segment = segment(files).clone();
    for (int entry = 0; entry < ENTRIES; entry++) {
      if (isDamaged(bits, node, entry)) {
        int at = offsetOf(files, entry);
        if (damage == Damage.ENTRY) {
          segment[at] ^= 1;
        } else {
          Arrays.fill(segment, at / SECTOR * SECTOR, at / SECTOR * SECTOR + SECTOR, (byte) 0);
        }
      }
    }
    if (damage == Damage.SECTOR_AND_MARKER
        && ((bits >>> (node * ENTRIES)) & ((1 << ENTRIES) - 1)) != 0) {
      damageLastMarker(segment);
    }
    disk.damage("segment-0000000001.wal", segment);
    return disk.crash(Survival.none());
  }

  private static void damageLastMarker(byte[] segment) {
    int marker = -1;
    for (int at = PAGE; at + PAGE < segment.length; at += PAGE) {
      boolean here = segment[at] == 'R' && segment[at + 6] == MARKER_KIND;
      marker = here && segment[at + PAGE] == 'R' ? at : marker;
    }
    segment[marker + 100] ^= 1;
    segment[marker + PAGE + 100] ^= 1;
  }

  private static byte[] segment(Map<String, byte[]> files) {
    return files.getOrDefault("segment-0000000001.wal", new byte[0]);
  }

  /** Where the text of that command stands. */
  private static int offsetOf(Map<String, byte[]> files, int entry) {
    byte[] file = segment(files);
    byte[] text = COMMANDS.get(entry).getBytes(StandardCharsets.UTF_8);
    for (int at = SECTOR; at + text.length <= file.length; at++) {
      if (file[at] == text[0] && file[at + 1] == '=' && file[at + 2] == text[2]) {
        return at;
      }
    }
    return -1;
  }
}
