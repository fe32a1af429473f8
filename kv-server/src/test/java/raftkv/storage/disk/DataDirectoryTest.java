package raftkv.storage.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.raft.ClusterId;
import raftkv.raft.NodeId;

final class DataDirectoryTest {
  private static final NodeId ONE = new NodeId(1);
  private static final ClusterId CLUSTER = new ClusterId(0x1234, 0x5678);
  private static final ClusterId OTHER = new ClusterId(0x9abc, 0xdef0);

  private final List<String> warnings = new ArrayList<>();
  private MemoryDisk disk = new MemoryDisk();

  @Test
  void givesABlankDirectoryToTheNode() {
    DataDirectory directory = open(ONE);

    assertThat(directory.node()).isEqualTo(ONE);
    assertThat(directory.clusterId()).isNull();
    assertThat(disk.trace())
        .containsExactly(
            "lock lock",
            "create identity.tmp",
            "write identity.tmp 0+28",
            "force identity.tmp",
            "rename identity.tmp identity",
            "force directory");
  }

  @Test
  void changesNothingInADirectoryOfItsOwn() {
    open(ONE).close();
    restart();

    open(ONE);

    assertThat(disk.trace()).containsExactly("lock lock", "force directory");
  }

  @Test
  void remembersTheCluster() {
    DataDirectory directory = open(ONE);
    directory.clusterIdKnown(CLUSTER);
    assertThat(directory.clusterId()).isEqualTo(CLUSTER);

    restart();

    assertThat(open(ONE).clusterId()).isEqualTo(CLUSTER);
  }

  @Test
  void writesTheClusterOnce() {
    DataDirectory directory = open(ONE);
    directory.clusterIdKnown(CLUSTER);
    int calls = disk.trace().size();

    directory.clusterIdKnown(CLUSTER);

    assertThat(disk.trace()).hasSize(calls);
  }

  @Test
  void refusesAnotherNode() {
    open(ONE);
    restart();

    refused(new NodeId(2), ExitCode.IDENTITY, "disk/identity belongs to node 1, not to node 2");
  }

  @Test
  void refusesAnotherCluster() {
    DataDirectory directory = open(ONE);
    directory.clusterIdKnown(CLUSTER);

    StorageFailure failure =
        catchThrowableOfType(StorageFailure.class, () -> directory.clusterIdKnown(OTHER));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.IDENTITY);
    assertThat(failure)
        .hasMessage("disk/identity belongs to cluster %s, not to cluster %s", CLUSTER, OTHER);
    assertThat(directory.clusterId()).isEqualTo(CLUSTER);
  }

  @Test
  void refusesASecondHolderUntilTheFirstLetsGo() {
    DataDirectory first = open(ONE);

    refused(ONE, ExitCode.IDENTITY, "another process uses this data directory: it holds disk/lock");
    first.close();
    open(ONE);
  }

  @Test
  void letsTheLockGoWhenItRefuses() {
    open(ONE).close();

    refused(new NodeId(2), ExitCode.IDENTITY, "disk/identity belongs to node 1, not to node 2");

    open(ONE);
  }

  @Test
  void refusesANewerFormat() {
    ByteBuffer newer = ByteBuffer.allocate(40);
    newer.put("RKVI".getBytes(StandardCharsets.US_ASCII)).putShort((short) 2);
    CRC32C crc = new CRC32C();
    crc.update(newer.array(), 0, 36);
    newer.putInt(36, (int) crc.getValue());
    disk.damage("identity", newer.array());

    refused(ONE, ExitCode.NEWER_FORMAT, "disk/identity is of format 2, this version knows up to 1");
  }

  @Test
  void refusesALogWithoutIdentity() throws IOException {
    disk.create("segment-0000000001.wal").close();

    refused(
        ONE,
        ExitCode.IDENTITY,
        "disk/identity is missing, but there is a log: nobody can say whose log that is");
  }

  @Test
  void refusesASnapshotWithoutIdentity() throws IOException {
    disk.create("snapshot-3-100").close();

    refused(
        ONE,
        ExitCode.IDENTITY,
        "disk/identity is missing, but there is a log: nobody can say whose log that is");
  }

  @Test
  void takesNoUnfinishedFileForALog() throws IOException {
    disk.create("segment-0000000001.wal.tmp").close();

    assertThat(open(ONE).node()).isEqualTo(ONE);
  }

  @Test
  void refusesADamagedIdentityBesideALog() throws IOException {
    open(ONE);
    disk.create("segment-0000000001.wal").close();
    disk.forceDirectory();
    byte[] intact = disk.contents("identity");

    for (int i = 0; i < intact.length; i++) {
      byte[] flipped = intact.clone();
      flipped[i] ^= 1;
      restart();
      disk.damage("identity", flipped);
      refused(
          ONE,
          ExitCode.IDENTITY,
          "disk/identity is damaged, and there is a log beside it:"
              + " nobody can say whose log that is");
    }
  }

  @Test
  void writesADamagedIdentityAnewWhenThereIsNoLog() {
    disk.damage("identity", new byte[28]);

    assertThat(open(ONE).node()).isEqualTo(ONE);
    assertThat(warnings).containsExactly("disk/identity is damaged, there is no log: written anew");
  }

  /** Old or new, never half, never none: at every call, with every fate of what was not forced. */
  @Test
  void survivesACrashAtAnyCall() {
    boolean ended = false;
    for (int calls = 0; !ended; calls++) {
      for (Survival survival : List.of(Survival.none(), Survival.all())) {
        disk = new MemoryDisk();
        DataDirectory directory = open(ONE);
        ended = becomesKnownBefore(calls, directory);
        disk = disk.crash(survival);

        assertThat(open(ONE).clusterId()).isIn(directory.clusterId(), CLUSTER);
        assertThat(warnings).isEmpty();
      }
    }
  }

  @Test
  void refusesADiskThatCannotBeWritten() {
    disk.guard(MemoryDisk.Guard.fail("create", "Read-only file system"));

    refused(
        ONE,
        ExitCode.UNAVAILABLE,
        "disk/identity cannot be used: Read-only file system (IOException)");
  }

  @Test
  void endsTheNodeWhenTheClusterCannotBeWritten() {
    DataDirectory directory = open(ONE);
    disk.guard(MemoryDisk.Guard.fail("force", "Input/output error"));

    StorageFailure failure =
        catchThrowableOfType(StorageFailure.class, () -> directory.clusterIdKnown(CLUSTER));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.WRITE_FAILED);
    assertThat(directory.clusterId()).isNull();
  }

  /** A full disk is a state, not an error. */
  @Test
  void theClusterIsWrittenOnceThereIsRoom() {
    DataDirectory directory = open(ONE);
    disk.guard(MemoryDisk.Guard.fail("write", "No space left on device"));

    assertThat(directory.clusterIdKnown(CLUSTER)).isFalse();
    assertThat(directory.clusterId()).isNull();

    disk.guard(call -> {});
    assertThat(directory.clusterIdKnown(CLUSTER)).isTrue();
    restart();
    assertThat(open(ONE).clusterId()).isEqualTo(CLUSTER);
  }

  private DataDirectory open(NodeId node) {
    return DataDirectory.open(disk, node, warnings::add);
  }

  private void restart() {
    disk = disk.crash(Survival.none());
  }

  private void refused(NodeId node, ExitCode exitCode, String sentence) {
    StorageFailure failure = catchThrowableOfType(StorageFailure.class, () -> open(node));
    assertThat(failure).hasMessage(sentence);
    assertThat(failure.exitCode()).isEqualTo(exitCode);
  }

  /**
   * Whether the cluster is written before the power is cut, in front of the call of that number.
   */
  private boolean becomesKnownBefore(int calls, DataDirectory directory) {
    int[] left = {calls};
    disk.guard(
        call -> {
          if (left[0]-- == 0) {
            throw new MemoryDisk.PowerCut(call);
          }
        });
    try {
      directory.clusterIdKnown(CLUSTER);
      return true;
    } catch (MemoryDisk.PowerCut expected) {
      return false;
    }
  }
}
