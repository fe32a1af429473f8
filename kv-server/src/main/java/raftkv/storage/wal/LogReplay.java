package raftkv.storage.wal;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import raftkv.port.EntryCodec;
import raftkv.port.ExitCode;
import raftkv.port.MalformedEntry;
import raftkv.port.StorageFailure;
import raftkv.raft.Bytes;
import raftkv.raft.Check;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;

/**
 * Follows the chain of records and keeps what they make of the log. A later record supersedes an
 * earlier one, as it did when it was written.
 */
final class LogReplay {
  private final List<LogEntry> entries = new ArrayList<>();
  private final TermRuns terms = new TermRuns(LogPosition.ZERO);
  private final SegmentStarts starts = new SegmentStarts();
  private LogState state = LogState.BLANK;
  private int chain;
  private long nextRecord = 1;
  private long replayedEntries;

  /**
   * The oldest segments are left over from a compaction that was cut short: what they hold is cut
   * in front of their own beginning, and nothing of it is log before the next segment begins.
   */
  private boolean leftover;

  private long replayedBytes;

  /**
   * Where the chain ends in a segment.
   *
   * @param forced everything in front of that offset was forced when the last record was written
   */
  record End(int offset, int forced, boolean closed) {
    /** In front of a segment that was never entered. */
    static final End OF_NOTHING = new End(0, 0, false);
  }

  /**
   * Goes on in a segment whose header is intact: from the first one, or behind a closing record.
   */
  void enter(SegmentImage segment, SegmentHeader header, boolean first) {
    if (first && (header.number() > 1 || header.beginsAnew())) {
      terms.reset(header.state().last());
      state = header.state();
      nextRecord = header.firstRecord();
    } else if (header.chain() != chain || header.firstRecord() != nextRecord) {
      throw Segments.damaged(segment.file(), 0, "it does not follow the segment before it");
    }
    if (leftover) {
      terms.reset(header.state().last());
      leftover = false;
    }
    checkFits(header.state().last().equals(terms.last()), segment, 0);
    checkFits(header.sizeBytes() == segment.sizeBytes(), segment, 0);
    state = header.state();
    chain = header.checksum();
    starts.entered(header.number(), header.state().last());
  }

  /** Takes every record of the segment that chains, up to the first place where none does. */
  End follow(SegmentImage segment) {
    int offset = Layout.SECTOR;
    int forced = 0;
    while (true) {
      RecordHeader header = next(segment, offset);
      List<LogEntry> batch = header == null ? null : entriesOf(segment, header);
      if (header == null || batch == null) {
        return new End(offset, forced, false);
      }
      apply(segment, header, batch);
      offset = header.end();
      forced = header.knownForced();
      if (header.kind() == RecordKind.CLOSE) {
        return new End(offset, forced, true);
      }
    }
  }

  List<LogEntry> entries() {
    return entries;
  }

  TermRuns terms() {
    return terms;
  }

  SegmentStarts starts() {
    return starts;
  }

  LogState state() {
    return state;
  }

  int chain() {
    return chain;
  }

  long nextRecord() {
    return nextRecord;
  }

  long replayedEntries() {
    return replayedEntries;
  }

  long replayedBytes() {
    return replayedBytes;
  }

  /** A record stands directly behind the one before; a marker at the next page, or in the copy. */
  private @Nullable RecordHeader next(SegmentImage segment, int offset) {
    RecordHeader record = chained(segment, offset);
    int page = Layout.roundUp(offset, Layout.PAGE);
    if (record == null || record.offset() != offset) {
      record = chained(segment, page);
      if (record == null || record.kind() != RecordKind.MARKER) {
        record = chained(segment, page + Layout.PAGE);
      }
      if (record != null && (record.kind() != RecordKind.MARKER || record.offset() != page)) {
        record = null;
      }
    }
    return record;
  }

  private @Nullable RecordHeader chained(SegmentImage segment, int offset) {
    RecordHeader header = segment.recordAt(offset);
    boolean chains =
        header != null
            && header.number() == nextRecord
            && header.chain() == chain
            && segment.holds(header);
    return chains ? header : null;
  }

  /** The batch's entries, or null if they are not all there, intact and the batch's own. */
  private static @Nullable List<LogEntry> entriesOf(SegmentImage segment, RecordHeader header) {
    List<LogEntry> batch = new ArrayList<>();
    Bytes rest = Bytes.wrap(segment.payload(header));
    CRC32C headers = new CRC32C();
    try {
      while (rest.length() > 0) {
        LogEntry entry = EntryCodec.decodeFirst(rest);
        headers.update(rest.array(), rest.offset(), EntryCodec.HEADER_BYTES);
        batch.add(entry);
        rest = rest.from(entry.sizeBytes());
      }
    } catch (MalformedEntry malformed) {
      if (malformed.reason() == MalformedEntry.Reason.UNKNOWN_KIND) {
        throw new StorageFailure(
            ExitCode.NEWER_FORMAT, segment.file() + ": " + malformed.getMessage(), malformed);
      }
      return null;
    }
    boolean own =
        batch.size() == header.payload().entries()
            && (batch.isEmpty() || (int) headers.getValue() == header.payload().checksum());
    return own ? batch : null;
  }

  private void apply(SegmentImage segment, RecordHeader header, List<LogEntry> batch) {
    checkFits(header.knownForced() <= header.offset(), segment, header.offset());
    change(segment, header);
    if (!leftover) {
      append(segment, header, batch);
    }
    state = header.state();
    chain = header.checksum();
    nextRecord++;
    replayedEntries += batch.size();
    replayedBytes += header.payload().sizeBytes();
  }

  private void change(SegmentImage segment, RecordHeader header) {
    LogPosition at = header.change().position();
    if (header.change().kind() == LogChange.Kind.RESET) {
      terms.reset(at);
      starts.resetTo(at);
      entries.clear();
      leftover = false;
    } else if (header.change().kind() == LogChange.Kind.CUT) {
      starts.cutAt(at.index());
      if (at.index() <= terms.base().index()) {
        leftover = true;
        entries.clear();
      }
      if (!leftover) {
        checkFits(terms.reaches(at.index()), segment, header.offset());
        terms.cutAt(at.index());
        long kept = at.index() - 1 - terms.base().index();
        entries.subList((int) kept, entries.size()).clear();
      }
    }
  }

  private void append(SegmentImage segment, RecordHeader header, List<LogEntry> batch) {
    for (LogEntry entry : batch) {
      checkFits(entry.index() == terms.last().index() + 1, segment, header.offset());
      terms.append(entry.position());
      entries.add(entry);
    }
    checkFits(header.state().last().equals(terms.last()), segment, header.offset());
    Check.that(
        entries.size() == terms.last().index() - terms.base().index(), "entries are contiguous");
  }

  /** Behind the last segment: a log has a beginning. */
  void checkComplete(SegmentImage last) {
    if (leftover) {
      throw Segments.damaged(
          last.file(), 0, "the log is cut in front of what the oldest segment holds");
    }
  }

  /** Intact and in its place, and yet it cannot follow what is in front of it. */
  private static void checkFits(boolean fits, SegmentImage segment, int offset) {
    if (!fits) {
      throw Segments.damaged(
          segment.file(), offset, "what stands there cannot follow what stands before it");
    }
  }
}
