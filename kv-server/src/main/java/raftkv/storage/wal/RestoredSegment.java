package raftkv.storage.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import raftkv.port.Disk;
import raftkv.port.DiskFile;
import raftkv.port.LogFragments;
import raftkv.raft.Check;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.storage.disk.DataDirectory;

/**
 * Writes a whole log anew, as one segment behind all others whose header says that the log begins
 * there. It gets its name when all of it is forced: so one rename replaces the log, and a crash
 * leaves the damaged one or the healed one.
 */
final class RestoredSegment {
  private final DataDirectory directory;
  private final WalConfig config;
  private final long number;
  private final LogFragments text;
  private final GroupBuffer group = new GroupBuffer();
  private int position = Layout.SECTOR;
  private int chain;
  private long nextRecord = 1;

  private RestoredSegment(
      DataDirectory directory, WalConfig config, long number, LogFragments text) {
    this.directory = directory;
    this.config = config;
    this.number = number;
    this.text = text;
  }

  /**
   * Writes the segment durably.
   *
   * @param text without gaps
   */
  static void write(DataDirectory directory, WalConfig config, long number, LogFragments text)
      throws IOException {
    new RestoredSegment(directory, config, number, text).write();
  }

  private void write() throws IOException {
    Disk disk = directory.disk();
    String unfinished = Segments.name(number) + DataDirectory.UNFINISHED_SUFFIX;
    if (disk.exists(unfinished)) {
      disk.delete(unfinished);
    }
    int sizeBytes = sizeBytes();
    try (DiskFile file = disk.create(unfinished)) {
      for (int at = 0; at < sizeBytes; at += Segments.PIECE_BYTES) {
        file.write(Segments.zeros(Math.min(Segments.PIECE_BYTES, sizeBytes - at)), at);
        file.force();
      }
      writeHeader(file, sizeBytes);
      for (List<LogEntry> batch : batches()) {
        writeBatch(file, batch);
      }
      file.force();
    }
    disk.rename(unfinished, Segments.name(number));
    disk.forceDirectory();
  }

  private void writeHeader(DiskFile file, int sizeBytes) throws IOException {
    ByteBuffer sector = ByteBuffer.allocateDirect(Layout.SECTOR);
    LogState start = new LogState(text.hardState(), text.base(), text.base().index());
    chain =
        new SegmentHeader(
                directory.node(),
                directory.clusterId(),
                number,
                sizeBytes,
                0,
                nextRecord,
                start,
                true,
                0)
            .encode(sector);
    file.write(new ByteBuffer[] {sector.clear()}, 0);
  }

  private void writeBatch(DiskFile file, List<LogEntry> batch) throws IOException {
    group.beginRecord();
    batch.forEach(group::add);
    LogPosition last = batch.isEmpty() ? text.base() : batch.get(batch.size() - 1).position();
    RecordHeader header =
        new RecordHeader(
            RecordKind.BATCH,
            number,
            position,
            group.payload(),
            nextRecord++,
            chain,
            position, // the file has its name only when all of it is forced
            LogChange.NONE,
            new LogState(text.hardState(), last, Math.min(text.commitIndex(), last.index())),
            0);
    chain = group.endRecord(header);
    ByteBuffer bytes = group.take();
    position += bytes.remaining();
    file.write(new ByteBuffer[] {bytes}, header.offset());
  }

  /** As a segment writer would have cut them; at least one, so that the hard state has a record. */
  private List<List<LogEntry>> batches() {
    List<List<LogEntry>> batches = new ArrayList<>();
    List<LogEntry> batch = new ArrayList<>();
    int bytes = 0;
    for (LogEntry entry : text.entries()) {
      if (!batch.isEmpty() && bytes + entry.sizeBytes() > config.batchSizeBytes()) {
        batches.add(batch);
        batch = new ArrayList<>();
        bytes = 0;
      }
      batch.add(entry);
      bytes += entry.sizeBytes();
    }
    batches.add(batch);
    return batches;
  }

  /** Room for all of it, the marker behind it, and the record that closes a segment. */
  private int sizeBytes() {
    long bytes = 2L * Layout.SECTOR + 3L * Layout.PAGE;
    for (List<LogEntry> batch : batches()) {
      long payload = batch.stream().mapToLong(LogEntry::sizeBytes).sum();
      bytes += payload + RecordHeader.SIZE_BYTES + Layout.SECTOR;
    }
    Check.that(bytes < WalConfig.MAX_SEGMENT_BYTES, "a healed log fits into a segment");
    return Math.max(config.segmentSizeBytes(), Layout.roundUp((int) bytes, Layout.PAGE));
  }
}
