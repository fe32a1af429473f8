package raftkv.storage.wal;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.EntryCodec;
import raftkv.port.LogFragments;
import raftkv.port.MalformedEntry;
import raftkv.raft.Bytes;
import raftkv.raft.LogEntry;

/**
 * Reads what is intact of a log that {@link LogReplay} could not follow to its end. Where the chain
 * breaks below what was forced, it goes on at the next intact header.
 *
 * <pre>
 *   header intact, entries not   the chain goes on; what the batch did to the log is known
 *   header lost                  what stood in front of it may have been superseded by it
 *   nothing intact behind        the hard state may be lost: see endIsLost
 * </pre>
 *
 * <p>Changes nothing on the disk.
 */
final class DamageScan {
  private final Disk disk;
  private final HoledLog log = new HoledLog();
  private final List<String> damages = new ArrayList<>();
  private LogState state = LogState.BLANK;
  private int chain;

  /** A segment's header is lost, and with it what its first record has to follow. */
  private boolean chainIsLost;

  private long nextRecord = 1;
  private boolean closed;

  /** Something is lost behind what was read last. */
  private boolean recordsLost;

  /** Something promised is lost, and no intact header behind it repeats the hard state. */
  private boolean endIsLost;

  DamageScan(Disk disk) {
    this.disk = disk;
  }

  /** What is intact of the log in those segments, ascending. */
  LogFragments scan(List<Long> numbers) {
    long first = numbers.isEmpty() ? 1 : numbers.get(0);
    long last = numbers.isEmpty() ? 1 : numbers.get(numbers.size() - 1);
    for (long number = first; number <= last; number++) {
      SegmentImage segment =
          numbers.contains(number) ? SegmentImage.readLeniently(disk, number) : null;
      if (segment == null) {
        lose(Segments.name(number) + ": nothing of it can be read");
        endIsLost = true;
        closed = false;
      } else {
        read(segment, number == first, behind(numbers, number));
      }
    }
    if (closed) {
      lose(Segments.name(last + 1) + ": it is missing, and the log goes on there");
      endIsLost = true;
    }
    return log.fragments(state, endIsLost);
  }

  /** What is damaged, file by file, for people. */
  List<String> damages() {
    return damages;
  }

  private boolean behind(List<Long> numbers, long number) {
    for (long later : numbers) {
      SegmentImage segment = later > number ? SegmentImage.readLeniently(disk, later) : null;
      if (segment != null && segment.wasEntered()) {
        return true;
      }
    }
    return false;
  }

  private void read(SegmentImage segment, boolean first, boolean entersLater) {
    if (segment.isIncomplete()) {
      damages.add(segment.file() + ": some of it cannot be read");
    }
    SegmentHeader header = segment.header();
    boolean own = header != null && header.number() == segment.number();
    if (header != null && own) {
      enter(segment, header, first);
    } else if (first || segment.wasEntered() || entersLater) {
      lose(segment.file() + " at offset 0: its header is lost");
      // The log began with its hard state: lost as well, unless a record behind it is intact.
      endIsLost |= first;
      chainIsLost = true;
      closed = false;
    }
    int end = follow(segment, entersLater);
    if (!closed && segment.hidesPromisesBehind(end)) {
      lose(segment.file() + " from offset " + end + ": what stands there cannot be read");
      endIsLost = true;
    }
  }

  private void enter(SegmentImage segment, SegmentHeader header, boolean first) {
    if (first) {
      log.resetTo(header.state().last());
    } else if (header.chain() != chain || header.firstRecord() != nextRecord) {
      lose(segment.file() + " at offset 0: records in front of it are lost");
    }
    goOn();
    log.segmentBeginsBehind(header.state().last());
    state = header.state();
    chain = header.checksum();
    chainIsLost = false;
    nextRecord = header.firstRecord();
    closed = false;
  }

  /** Takes every intact record up to the place behind which nothing was promised. */
  private int follow(SegmentImage segment, boolean entersLater) {
    int offset = Layout.SECTOR;
    while (!closed) {
      RecordHeader record = nextIntact(segment, offset);
      boolean chains =
          record != null
              && record.number() == nextRecord
              && (record.chain() == chain || chainIsLost);
      boolean witnessed = entersLater || segment.witnessBehind(offset) >= 0;
      if (record == null || !(chains || witnessed)) {
        return offset;
      }
      if (!chains) {
        lose(segment.file() + " at offset " + offset + ": records up to offset " + record.offset());
      }
      if (!take(segment, record, entersLater)) {
        return offset;
      }
      offset = record.end();
    }
    return offset;
  }

  private @Nullable RecordHeader nextIntact(SegmentImage segment, int offset) {
    for (int at = offset; at < segment.sizeBytes(); at += Layout.SECTOR) {
      RecordHeader record = segment.recordAt(at);
      if (record != null && record.number() >= nextRecord && segment.holds(record)) {
        return record;
      }
    }
    return null;
  }

  /** False if the record's entries are torn: never promised, and the end of the log. */
  private boolean take(SegmentImage segment, RecordHeader record, boolean entersLater) {
    List<LogEntry> entries = new ArrayList<>();
    boolean whole = readEntries(segment, record, entries);
    if (!whole && !entersLater && segment.witnessBehind(record.offset()) < 0) {
      return segment.hidesPromisesBehind(record.offset()) && takeDamaged(segment, record, entries);
    }
    return whole ? takeWhole(record, entries) : takeDamaged(segment, record, entries);
  }

  private boolean takeWhole(RecordHeader record, List<LogEntry> entries) {
    change(record);
    entries.forEach(log::append);
    accept(record);
    return true;
  }

  private boolean takeDamaged(SegmentImage segment, RecordHeader record, List<LogEntry> entries) {
    damages.add(
        segment.file()
            + " at offset "
            + record.offset()
            + (": " + (record.payload().entries() - entries.size()) + " entries of a batch up to ")
            + record.state().last());
    change(record);
    entries.forEach(log::appendUncertain);
    accept(record);
    return true;
  }

  private void change(RecordHeader record) {
    goOn();
    if (record.change().kind() == LogChange.Kind.RESET) {
      log.resetTo(record.change().position());
    } else if (record.change().kind() == LogChange.Kind.CUT) {
      log.cutAt(record.change().position().index());
    }
  }

  private void accept(RecordHeader record) {
    log.endsAt(record.state().last());
    state = record.state();
    chain = record.checksum();
    chainIsLost = false;
    nextRecord = record.number() + 1;
    closed = record.kind() == RecordKind.CLOSE;
  }

  /** Adds the batch's intact entries; whether they are all there and the batch's own. */
  private static boolean readEntries(
      SegmentImage segment, RecordHeader record, List<LogEntry> entries) {
    Bytes rest = Bytes.wrap(segment.payload(record));
    CRC32C headers = new CRC32C();
    boolean whole = true;
    while (rest.length() >= EntryCodec.HEADER_BYTES) {
      int length = EntryCodec.lengthOfFirst(rest);
      if (length < 0) {
        break;
      }
      headers.update(rest.array(), rest.offset(), EntryCodec.HEADER_BYTES);
      try {
        entries.add(EntryCodec.decode(Bytes.wrap(rest.array(), rest.offset(), length)));
      } catch (MalformedEntry malformed) {
        whole = false;
      }
      rest = rest.from(length);
    }
    return whole
        && rest.length() == 0
        && entries.size() == record.payload().entries()
        && (entries.isEmpty() || (int) headers.getValue() == record.payload().checksum());
  }

  private void lose(String damage) {
    damages.add(damage);
    recordsLost = true;
  }

  /** Something intact stands behind what is lost. */
  private void goOn() {
    if (recordsLost) {
      log.recordsAreLost();
      recordsLost = false;
    }
    endIsLost = false;
  }
}
