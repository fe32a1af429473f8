package raftkv.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static raftkv.storage.wal.WalFixture.entries;
import static raftkv.storage.wal.WalFixture.entry;
import static raftkv.storage.wal.WalFixture.term;
import static raftkv.storage.wal.WalFixture.write;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import raftkv.port.EntryCodec;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.raft.Bytes;
import raftkv.raft.ClusterId;
import raftkv.raft.EntryKind;
import raftkv.raft.LogEntry;
import raftkv.raft.Write;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.Survival;

/** Bytes with right checksums that this node must not take for its own log, or cannot read. */
final class ForeignSegmentTest {
  private static final WalConfig CONFIG = WalFixture.MEDIUM;
  private static final String FIRST = "segment-0000000001.wal";
  private static final ClusterId CLUSTER = new ClusterId(0x1234, 0x5679);

  private MemoryDisk disk = new MemoryDisk();

  @Test
  void refusesAnotherNodesAndAnotherClustersSegment() {
    promised(write(1, term(1), List.of(), 0));
    byte[] intact = disk.contents(FIRST);
    disk.damage(FIRST, withHeader(intact, 6, (byte) 9));
    refused(ExitCode.IDENTITY, "disk/" + FIRST + " was written by node 9, this is node 1");

    disk.damage(FIRST, intact);
    restarted().directory.clusterIdKnown(CLUSTER);
    disk.damage(FIRST, withHeader(intact, 7, (byte) 1));
    refused(
        ExitCode.IDENTITY,
        "disk/"
            + FIRST
            + (" belongs to cluster " + new ClusterId(0, 0) + ", this directory to " + CLUSTER));
  }

  @Test
  void refusesNewerFormats() {
    promised(write(1, term(1), entries(1, 1, 1, 50), 0));
    byte[] intact = disk.contents(FIRST);

    disk.damage(FIRST, withHeader(intact, 5, (byte) 2));
    refused(
        ExitCode.NEWER_FORMAT,
        "disk/" + FIRST + " at offset 0 is of format 2, this version knows up to 1");

    byte[] newer = intact.clone();
    newer[8704 + 5] = 7;
    seal(newer, 8704, 124);
    disk.damage(FIRST, newer);
    refused(
        ExitCode.NEWER_FORMAT,
        "disk/" + FIRST + " at offset 8704 is of format 7, this version knows up to 1");
  }

  @Test
  void refusesAnEntryOfANewerKind() {
    byte[] array = entry(1, 1, 10).encoded().toByteArray();
    array[16] = 9;
    CRC32C crc = new CRC32C();
    crc.update(array, 0, 21);
    crc.update(array, EntryCodec.HEADER_BYTES, 10);
    ByteBuffer.wrap(array).putInt(21, (int) crc.getValue());
    promised(
        write(1, term(1), List.of(new LogEntry(1, 1, EntryKind.NOOP, Bytes.wrap(array), 25)), 0));

    refused(ExitCode.NEWER_FORMAT, "disk/" + FIRST + ": entry 1@1 is of kind 9, not known here");
  }

  /** Hazard 74, with a checksum that is right: only a bug could write it. */
  @Test
  void allocatesNothingForALengthThatCannotBe() {
    promised(write(1, term(1), entries(1, 1, 1, 50), 0));
    byte[] file = disk.contents(FIRST);
    ByteBuffer.wrap(file).putInt(8704 + 20, Integer.MAX_VALUE);
    seal(file, 8704, 124);
    disk.damage(FIRST, file);

    assertThat(restarted().recovered.entries()).isEmpty();
  }

  private void promised(Write write) {
    WalFixture node = restarted();
    node.appendAndRun(write);
    assertThat(node.persisted).containsExactly(write.ticket());
  }

  private WalFixture restarted() {
    disk = disk.crash(Survival.none());
    return new WalFixture(disk, CONFIG);
  }

  private static byte[] withHeader(byte[] intact, int at, byte value) {
    byte[] file = intact.clone();
    file[at] = value;
    seal(file, 0, 508);
    return file;
  }

  /** Puts the checksum right again, as a version that wrote such a header would have done. */
  private static void seal(byte[] file, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(file, from, length);
    ByteBuffer.wrap(file).putInt(from + length, (int) crc.getValue());
  }

  private void refused(ExitCode exitCode, String sentence) {
    StorageFailure failure = catchThrowableOfType(StorageFailure.class, this::restarted);
    assertThat(failure).hasMessage(sentence);
    assertThat(failure.exitCode()).isEqualTo(exitCode);
  }
}
