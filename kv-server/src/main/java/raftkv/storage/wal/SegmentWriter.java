package raftkv.storage.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import raftkv.port.DiskFile;
import raftkv.port.LogFiles;
import raftkv.port.StorageFailure;
import raftkv.raft.Check;
import raftkv.raft.HardState;
import raftkv.raft.LogEntry;
import raftkv.storage.disk.Access;
import raftkv.storage.disk.DataDirectory;

/**
 * The end of the log, where records are appended. Batches are collected with {@link #beginBatch},
 * {@link #add} and {@link #endBatch}, and go to the disk together with {@link #flush}. Owned by
 * whoever recovers the log, then by the disk worker.
 *
 * <p>A call that fails throws a {@link StorageFailure} that names file and offset; the writer must
 * not be used afterwards.
 */
final class SegmentWriter {
  private final DataDirectory directory;
  private final WalConfig config;
  private final GroupBuffer group = new GroupBuffer();
  private final TermRuns terms;
  private final SegmentStarts starts;
  private LogState state;

  private long segment;
  private @Nullable DiskFile file;
  private int segmentSizeBytes;

  /** Where the next group begins. Everything in front of it is forced. */
  private int position;

  private long nextRecord;
  private int chain;
  private boolean marked;
  private LogChange change = LogChange.NONE;

  /** Where in the files a writer goes on. */
  record Resume(long segment, int sizeBytes, LogReplay.End end) {}

  SegmentWriter(DataDirectory directory, WalConfig config, LogReplay replay, Resume resume) {
    this.directory = directory;
    this.config = config;
    terms = replay.terms();
    starts = replay.starts();
    state = replay.state();
    nextRecord = replay.nextRecord();
    chain = replay.chain();
    segment = resume.segment;
    segmentSizeBytes = resume.sizeBytes;
    position = resume.end.offset();
    Check.that(terms.last().equals(state.last()), "terms and state end at the same position");
  }

  long segment() {
    return segment;
  }

  /** Whether the last thing in the log is a marker. */
  boolean isMarked() {
    return marked;
  }

  /** What the next record will say. */
  LogState state() {
    return state;
  }

  /** Opens the segment's file, whose end is forced, to go on there. */
  void open() {
    file = Access.open(directory.disk(), Segments.name(segment));
  }

  /** Whether a further batch, beginning with that entry if there is one, fits into the segment. */
  boolean fits(@Nullable LogEntry first) {
    int entryBytes = first == null ? 0 : first.sizeBytes();
    return endsInside(group.sizeWith(RecordHeader.SIZE_BYTES + entryBytes));
  }

  /** Whether the batch under way can take that entry: its first is refused by size alone. */
  boolean takes(LogEntry entry) {
    boolean first = group.payloadBytes() == 0;
    boolean small = group.payloadBytes() + entry.sizeBytes() <= config.batchSizeBytes();
    return (first || small) && endsInside(group.sizeWith(entry.sizeBytes()));
  }

  int groupBytes() {
    return group.sizeBytes();
  }

  void beginBatch(LogChange batchChange) {
    change = batchChange;
    if (change.kind() == LogChange.Kind.CUT) {
      terms.cutAt(change.position().index());
      starts.cutAt(change.position().index());
    } else if (change.kind() == LogChange.Kind.RESET) {
      terms.reset(change.position());
      starts.resetTo(change.position());
    }
    group.beginRecord();
  }

  void add(LogEntry entry) {
    terms.append(entry.position());
    group.add(entry);
  }

  /** Completes the batch; the hard state is in force from it on. */
  void endBatch(HardState hardState, long commitIndex) {
    state = new LogState(hardState, terms.last(), Math.min(commitIndex, terms.last().index()));
    endRecord(RecordKind.BATCH, position + group.recordStart());
  }

  /** Writes the batches collected, in one write, and forces them. */
  void flush() {
    writeAt(group.take());
    force();
    marked = false;
  }

  /** What can still be written to this segment, about. */
  int restBytes() {
    return Math.max(0, segmentSizeBytes - Layout.SECTOR - position);
  }

  /** Whether there is room for a marker in this segment. */
  boolean fitsMarker() {
    return markerOffset() + Layout.PAGE + Layout.SECTOR <= segmentSizeBytes - Layout.SECTOR;
  }

  /**
   * Writes and forces a marker: the same sector at the beginning of two pages, so that no bad page
   * holds both a batch and every witness of it.
   */
  void mark() {
    Check.that(fitsMarker(), "there is room for the marker");
    Check.that(group.sizeBytes() == 0, "a marker follows what is written");
    int offset = markerOffset();
    int forcedUpTo = position;
    group.beginRecord();
    endRecord(RecordKind.MARKER, offset, forcedUpTo);
    ByteBuffer sector = group.take();
    position = offset;
    writeAt(sector.duplicate());
    position = offset + Layout.PAGE;
    writeAt(sector);
    force();
    marked = true;
  }

  /** Closes this segment and enters the next, which is prepared. */
  void roll() {
    Check.that(group.sizeBytes() == 0, "a segment is closed behind what is written");
    group.beginRecord();
    endRecord(RecordKind.CLOSE, position);
    writeAt(group.take());
    force();
    closeFile();
    enter(segment + 1);
  }

  /** Writes and forces the header of a prepared segment and goes on behind it. */
  void enter(long number) {
    segment = number;
    DiskFile entered = Access.open(directory.disk(), Segments.name(number));
    file = entered;
    position = 0;
    segmentSizeBytes = sizeOf(entered);
    ByteBuffer sector = ByteBuffer.allocateDirect(Layout.SECTOR);
    SegmentHeader header =
        new SegmentHeader(
            directory.node(),
            directory.clusterId(),
            number,
            segmentSizeBytes,
            chain,
            nextRecord,
            state,
            false,
            0);
    chain = header.encode(sector);
    writeAt(sector.clear());
    force();
    starts.entered(number, state.last());
    marked = false;
  }

  /** The oldest segment of the log. */
  long oldestSegment() {
    return starts.oldest();
  }

  /** The segments that hold the log. */
  LogFiles files() {
    return new LogFiles(config.segmentSizeBytes(), starts.beginBehind());
  }

  /**
   * A snapshot covers everything up to that index: the oldest segment that is needed from now on,
   * which is entered. Called between two groups.
   */
  long compactTo(long throughIndex) {
    return starts.compactTo(throughIndex);
  }

  void closeFile() {
    DiskFile open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw Segments.writeFailed("close", describe(), position, e);
      }
    }
  }

  private boolean endsInside(int groupBytes) {
    return position + groupBytes <= segmentSizeBytes - Layout.SECTOR;
  }

  private int markerOffset() {
    return Layout.roundUp(position, Layout.PAGE);
  }

  private void endRecord(RecordKind kind, int offset) {
    endRecord(kind, offset, position);
  }

  private void endRecord(RecordKind kind, int offset, int knownForced) {
    RecordHeader header =
        new RecordHeader(
            kind,
            segment,
            offset,
            group.payload(),
            nextRecord++,
            chain,
            knownForced,
            change,
            state,
            0);
    chain = group.endRecord(header);
    change = LogChange.NONE;
  }

  private void writeAt(ByteBuffer bytes) {
    int length = bytes.remaining();
    try {
      opened().write(new ByteBuffer[] {bytes}, position);
    } catch (IOException e) {
      throw Segments.writeFailed("write", describe(), position, e);
    }
    position += length;
  }

  private void force() {
    try {
      opened().force();
    } catch (IOException e) {
      throw Segments.writeFailed("force", describe(), position, e);
    }
  }

  private DiskFile opened() {
    DiskFile open = file;
    if (open == null) {
      throw new IllegalStateException("segment " + segment + " is not open");
    }
    return open;
  }

  private int sizeOf(DiskFile entered) {
    try {
      return Math.toIntExact(entered.sizeBytes());
    } catch (IOException e) {
      throw Segments.writeFailed("look at the size", describe(), 0, e);
    }
  }

  private String describe() {
    return directory.disk().describe(Segments.name(segment));
  }
}
