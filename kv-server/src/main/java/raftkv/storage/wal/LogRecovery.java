package raftkv.storage.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.DiskFile;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.raft.ClusterId;
import raftkv.raft.NodeId;
import raftkv.storage.disk.Access;
import raftkv.storage.disk.DataDirectory;

/**
 * Reads the log at start and puts its end in order. Refuses whatever it cannot explain, before it
 * has changed anything:
 *
 * <pre>
 *   the chain of records ends at P
 *     |
 *     +- a record or header behind P was written when P was already forced
 *     |    -> damage below what was promised: refused, naming file and offset
 *     +- the segment is closed, and its successor is missing
 *     |    -> damage: refused
 *     +- bytes behind P that are not zero
 *     |    -> torn tail, never promised: zeroed, with a warning
 *     +- zeros alone -> a clean end
 *   then: what is not known to be forced is written again, force, marker, force;
 *   only then may the node speak
 * </pre>
 *
 * <p>Written again, since a force that failed may have ended the run before: what it was for is in
 * the page cache then, perhaps counted as written there and nowhere else, and a second force alone
 * would vouch for it (hazard 76).
 *
 * <p>Zeroing is idempotent: after a crash in its midst the chain ends at the same P, and nothing
 * behind P witnesses more than before. It keeps old records from coming back behind new ones that
 * happen to have their length (hazard 119). Should its force fail, the marker does: no record that
 * is written behind it has the number and the chain that an old one continues.
 */
public final class LogRecovery {
  private final DataDirectory directory;
  private final Disk disk;
  private final WalConfig config;
  private final Consumer<String> warnings;
  private final LogReplay replay = new LogReplay();

  /** The end of a segment as it was replayed, from where it is known to be forced. */
  private record Unforced(long segment, int offset, ByteBuffer bytes) {
    static Unforced of(SegmentImage segment, LogReplay.End end) {
      return new Unforced(
          segment.number(), end.forced(), segment.slice(end.forced(), end.offset()));
    }
  }

  /**
   * Where the log ends: in the segment of that number, which may still have to be entered.
   *
   * @param unforced of that segment, or of the one in front of it if it has to be entered
   */
  private record Tail(long segment, int sizeBytes, LogReplay.End end, @Nullable Unforced unforced) {
    /** A segment begins with its header. */
    boolean entered() {
      return end.offset() > 0;
    }
  }

  private LogRecovery(DataDirectory directory, WalConfig config, Consumer<String> warnings) {
    this.directory = directory;
    this.disk = directory.disk();
    this.config = config;
    this.warnings = warnings;
  }

  /**
   * Reads the log, blocking; begins one in a blank directory.
   *
   * @param warnings takes a line that an operator should see
   * @throws StorageFailure in one sentence, with {@link ExitCode#DAMAGED}, {@link
   *     ExitCode#NEWER_FORMAT}, {@link ExitCode#IDENTITY} for another node's or cluster's segment,
   *     {@link ExitCode#UNAVAILABLE} if the disk is full or a file cannot be opened, or {@link
   *     ExitCode#WRITE_FAILED}
   */
  public static RecoveredLog recover(
      DataDirectory directory, WalConfig config, Consumer<String> warnings) {
    try {
      return new LogRecovery(directory, config, warnings).run();
    } catch (IOException e) {
      String files = directory.disk().describe(DataDirectory.SEGMENT_PREFIX + "*");
      throw Segments.notWritten(
          "the log in " + files + " could not be opened", directory.disk(), e);
    }
  }

  private RecoveredLog run() throws IOException {
    List<Long> numbers = Segments.living(disk);
    refuseGaps(numbers);
    Tail tail = numbers.isEmpty() ? begin() : read(numbers);
    RecoveredLog.TornTail torn = maybeZero(tail);
    putDeadAside(numbers);
    disk.forceDirectory(); // a killed process may have left names unforced
    SegmentWriter writer =
        new SegmentWriter(
            directory,
            config,
            replay,
            new SegmentWriter.Resume(tail.segment, tail.sizeBytes, tail.end));
    if (tail.unforced != null) {
      writeAgain(tail.unforced);
    }
    if (tail.entered()) {
      writer.open();
    } else {
      writer.enter(tail.segment);
    }
    mark(writer);
    int segments = (int) (writer.segment() - (numbers.isEmpty() ? 1 : numbers.get(0)) + 1);
    return new RecoveredLog(
        directory,
        config,
        writer,
        preparedBehind(writer.segment()),
        replay,
        new RecoveredLog.Facts(segments, replay.replayedEntries(), replay.replayedBytes(), torn));
  }

  /** The log was healed: what was damaged is kept for people, under other names. */
  private void putDeadAside(List<Long> living) throws IOException {
    for (long number : Segments.numbers(disk)) {
      if (!living.isEmpty() && number < living.get(0)) {
        Segments.putAside(disk, Segments.name(number));
      }
    }
  }

  /** From what was replayed: the file, read once more, may have lost it from the page cache. */
  private void writeAgain(Unforced unforced) throws IOException {
    try (DiskFile file = Access.open(disk, Segments.name(unforced.segment))) {
      file.write(new ByteBuffer[] {unforced.bytes}, unforced.offset);
      file.force();
    }
  }

  private void refuseGaps(List<Long> numbers) {
    for (int i = 1; i < numbers.size(); i++) {
      long expected = numbers.get(i - 1) + 1;
      if (numbers.get(i) != expected) {
        throw Segments.damaged(disk.describe(Segments.name(expected)), 0, "the file is missing");
      }
    }
  }

  /** No segment: a new log, unless the identity says that there has been one. */
  private Tail begin() throws IOException {
    if (directory.clusterId() != null) {
      throw Segments.damaged(
          disk.describe(Segments.name(1)),
          0,
          "the file is missing, though this node is a member of cluster "
              + directory.clusterId()
              + "; to give its data up, remove the whole directory");
    }
    Segments.prepare(disk, 1, config.segmentSizeBytes());
    return new Tail(1, config.segmentSizeBytes(), LogReplay.End.OF_NOTHING, null);
  }

  private Tail read(List<Long> numbers) throws IOException {
    List<Long> left = new ArrayList<>(numbers);
    @Nullable Unforced before = null;
    while (!left.isEmpty()) {
      SegmentImage segment = SegmentImage.read(disk, left.remove(0));
      SegmentHeader header = segment.header();
      if (header == null) {
        return notEntered(segment, before, left);
      }
      refuseForeign(segment, header);
      replay.enter(segment, header, before == null);
      LogReplay.End end = replay.follow(segment);
      if (!end.closed()) {
        refuseWitness(segment, end.offset(), segment.witnessBehind(end.offset()));
        refuseWitness(segment, end.offset(), segment.damagedMarkerBehind(end.offset()));
        refuseEntered(segment, end.offset(), left);
        replay.checkComplete(segment);
        return new Tail(segment.number(), segment.sizeBytes(), end, Unforced.of(segment, end));
      }
      before = Unforced.of(segment, end);
    }
    long missing = numbers.get(numbers.size() - 1) + 1;
    throw Segments.damaged(
        disk.describe(Segments.name(missing)), 0, "the file is missing, and the log goes on there");
  }

  /**
   * The header sector holds no header: the log ends in front of it, unless something shows more.
   */
  private Tail notEntered(SegmentImage segment, @Nullable Unforced before, List<Long> behind)
      throws IOException {
    refuseWitness(segment, 0, segment.witnessBehind(0));
    refuseEntered(segment, 0, behind);
    replay.checkComplete(segment);
    if (!WalConfig.isSegmentSize(segment.sizeBytes())) {
      throw Segments.damaged(
          segment.file(),
          segment.sizeBytes(),
          "the file ends there, though a segment is whole from its first day");
    }
    if (before == null && (segment.number() > 1 || directory.clusterId() != null)) {
      throw Segments.damaged(segment.file(), 0, "the log's first segment has no header");
    }
    int sizeBytes = segment.sizeBytes();
    if (sizeBytes != config.segmentSizeBytes()) {
      Segments.prepare(disk, segment.number(), config.segmentSizeBytes());
      sizeBytes = config.segmentSizeBytes();
    }
    return new Tail(segment.number(), sizeBytes, LogReplay.End.OF_NOTHING, before);
  }

  private void refuseWitness(SegmentImage segment, int offset, int witness) {
    if (witness >= 0) {
      throw Segments.damaged(
          segment.file(),
          offset,
          "what stands there was forced, as the record at offset " + witness + " shows");
    }
  }

  private void refuseEntered(SegmentImage segment, int offset, List<Long> behind) {
    for (long number : behind) {
      SegmentImage later = SegmentImage.read(disk, number);
      if (later.wasEntered()) {
        throw Segments.damaged(
            segment.file(), offset, "what stands there was forced, as " + later.file() + " shows");
      }
    }
  }

  private void refuseForeign(SegmentImage segment, SegmentHeader header) {
    NodeId node = directory.node();
    ClusterId cluster = directory.clusterId();
    if (!header.node().equals(node)) {
      throw new StorageFailure(
          ExitCode.IDENTITY,
          segment.file() + " was written by node " + header.node() + ", this is node " + node);
    }
    if (cluster != null && header.cluster() != null && !cluster.equals(header.cluster())) {
      throw new StorageFailure(
          ExitCode.IDENTITY,
          segment.file()
              + (" belongs to cluster " + header.cluster() + ", this directory to " + cluster));
    }
    if (header.number() != segment.number()) {
      throw Segments.damaged(segment.file(), 0, "it says that it is segment " + header.number());
    }
  }

  private RecoveredLog.@Nullable TornTail maybeZero(Tail tail) throws IOException {
    SegmentImage segment = SegmentImage.read(disk, tail.segment);
    int from = tail.end.offset();
    int to = segment.endOfBytes(from);
    if (to == from) {
      return null;
    }
    int length = Layout.roundUp(to, Layout.SECTOR) - from;
    try (DiskFile file = Access.open(disk, Segments.name(tail.segment))) {
      file.write(Segments.zeros(length), from);
      file.force();
    }
    warnings.accept(
        segment.file()
            + (": torn tail cut at offset " + from + ": " + (to - from))
            + " bytes that were never promised");
    return new RecoveredLog.TornTail(segment.file(), from, to - from);
  }

  private void mark(SegmentWriter writer) throws IOException {
    if (!writer.fitsMarker()) {
      if (!isPrepared(writer.segment() + 1)) {
        Segments.prepare(disk, writer.segment() + 1, config.segmentSizeBytes());
      }
      writer.roll();
    }
    writer.mark();
  }

  /** How many segments are ready to be entered one after the other. */
  private int preparedBehind(long segment) throws IOException {
    int ready = 0;
    while (ready < SegmentedWal.RESERVED_SEGMENTS && isPrepared(segment + ready + 1)) {
      ready++;
    }
    return ready;
  }

  /** Whether that segment is there, of the right size, and zeros: else it is prepared anew. */
  private boolean isPrepared(long number) throws IOException {
    if (!disk.exists(Segments.name(number))) {
      return false;
    }
    SegmentImage segment = SegmentImage.read(disk, number);
    return segment.sizeBytes() == config.segmentSizeBytes() && segment.endOfBytes(0) == 0;
  }
}
