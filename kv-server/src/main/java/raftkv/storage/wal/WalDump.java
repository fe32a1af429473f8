package raftkv.storage.wal;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.EntryCodec;
import raftkv.port.ExitCode;
import raftkv.port.MalformedEntry;
import raftkv.port.StorageFailure;
import raftkv.raft.Bytes;
import raftkv.raft.LogEntry;
import raftkv.storage.dump.DumpLine;

/**
 * Tells what stands in the segment files, record by record and in the order of the files, and what
 * is wrong with it. Decides nothing: whether a node would start is {@link LogRecovery}'s matter.
 *
 * <p>Where no intact record follows, it looks for the next one in the file. If that one shows that
 * the place was forced, the gap is damage; else what stands there is a torn tail. Reads only.
 */
public final class WalDump {
  private final Disk disk;
  private final Function<LogEntry, String> meaning;
  private final Consumer<DumpLine> lines;

  /** What the next record has to say of the one before; -1 where nothing is known. */
  private long nextRecord = -1;

  private int chain;
  private boolean closed;

  private WalDump(Disk disk, Function<LogEntry, String> meaning, Consumer<DumpLine> lines) {
    this.disk = disk;
    this.meaning = meaning;
    this.lines = lines;
  }

  /**
   * Goes through all segments.
   *
   * @param meaning what an intact entry says, for people
   * @return how many segments there are
   * @throws StorageFailure if the directory or one of them cannot be opened
   */
  public static int dump(Disk disk, Function<LogEntry, String> meaning, Consumer<DumpLine> lines) {
    List<Long> numbers = Segments.numbers(disk);
    WalDump dump = new WalDump(disk, meaning, lines);
    for (int i = 0; i < numbers.size(); i++) {
      dump.gapBefore(numbers, i);
      dump.segment(numbers.get(i), numbers.subList(i + 1, numbers.size()));
    }
    if (dump.closed) {
      dump.missing(numbers.get(numbers.size() - 1) + 1);
    }
    return numbers.size();
  }

  private void gapBefore(List<Long> numbers, int at) {
    for (long i = at == 0 ? numbers.get(0) : numbers.get(at - 1) + 1; i < numbers.get(at); i++) {
      missing(i);
      nextRecord = -1;
    }
  }

  private void missing(long number) {
    damage(Segments.name(number), 0, "the file is missing, and the log goes on there");
  }

  private void segment(long number, List<Long> behind) {
    String file = Segments.name(number);
    try {
      SegmentImage image = SegmentImage.read(disk, number);
      SegmentHeader header = image.header();
      if (header == null && image.endOfBytes(0) == 0) {
        lines.accept(DumpLine.of("prepared", file, 0).with("bytes", image.sizeBytes()));
        return;
      }
      closed = false;
      if (header == null) {
        damage(file, 0, "there is no intact header");
        nextRecord = -1;
      } else {
        header(file, header);
      }
      records(file, image, behind);
    } catch (StorageFailure failure) {
      if (failure.exitCode() == ExitCode.UNAVAILABLE) {
        throw failure;
      }
      boolean newer = failure.exitCode() == ExitCode.NEWER_FORMAT;
      String what = String.valueOf(failure.getMessage());
      lines.accept(
          DumpLine.of(newer ? DumpLine.NEWER : DumpLine.DAMAGE, file, 0).with("what", what));
      nextRecord = -1;
    }
  }

  private void header(String file, SegmentHeader header) {
    boolean follows = header.chain() == chain && header.firstRecord() == nextRecord;
    if (nextRecord >= 0 && !follows) {
      damage(file, 0, "it does not follow the segment before it");
    }
    lines.accept(
        state(DumpLine.of("segment", file, 0), header.state())
            .with("number", header.number())
            .with("node", header.node().value())
            .with("cluster", String.valueOf(header.cluster()))
            .with("bytes", header.sizeBytes())
            .with("firstRecord", header.firstRecord()));
    chain = header.checksum();
    nextRecord = header.firstRecord();
  }

  private void records(String file, SegmentImage image, List<Long> behind) {
    int offset = Layout.SECTOR;
    while (!closed) {
      RecordHeader record = following(image, offset);
      if (record == null) {
        int next = nextIntact(image, offset);
        if (next < 0) {
          end(file, image, offset, behind);
          return;
        }
        gap(file, image, offset, next);
        record = image.recordAt(next);
        nextRecord = -1;
      }
      if (record == null) {
        return;
      }
      record(file, image, record);
      offset = endOf(record);
    }
  }

  /** A record stands directly behind the one before; a marker at the next page, or in the copy. */
  private static @Nullable RecordHeader following(SegmentImage image, int offset) {
    RecordHeader record = image.recordAt(offset);
    if (record != null && record.offset() == offset) {
      return record;
    }
    int page = Layout.roundUp(offset, Layout.PAGE);
    for (int at : new int[] {page, page + Layout.PAGE}) {
      record = image.recordAt(at);
      if (record != null && record.kind() == RecordKind.MARKER && record.offset() == page) {
        return record;
      }
    }
    return null;
  }

  private static int nextIntact(SegmentImage image, int offset) {
    for (int at = offset; at < image.sizeBytes(); at += Layout.SECTOR) {
      RecordHeader record = image.recordAt(at);
      if (record != null && record.offset() == at) {
        return at;
      }
    }
    return -1;
  }

  private void gap(String file, SegmentImage image, int offset, int next) {
    int witness = image.witnessBehind(offset);
    if (witness >= 0) {
      damage(file, offset, "what stands there was forced, as the record at " + witness + " shows");
    } else {
      tail(file, offset, next - offset);
    }
  }

  private void end(String file, SegmentImage image, int offset, List<Long> behind) {
    int bytes = image.endOfBytes(offset) - offset;
    if (behind.stream().anyMatch(this::wasEntered)) {
      damage(file, offset, "the record that closes the segment is missing");
    } else if (bytes > 0) {
      tail(file, offset, bytes);
    }
  }

  private boolean wasEntered(long number) {
    try {
      return SegmentImage.read(disk, number).wasEntered();
    } catch (StorageFailure unreadable) {
      return false; // told when it is that segment's turn
    }
  }

  private void tail(String file, int offset, int bytes) {
    lines.accept(
        DumpLine.of("tail", file, offset)
            .with("bytes", bytes)
            .with("what", "torn: never promised, cut at the next start"));
  }

  private void record(String file, SegmentImage image, RecordHeader record) {
    boolean follows = record.chain() == chain && record.number() == nextRecord;
    if (nextRecord >= 0 && !follows) {
      damage(file, record.offset(), "the record does not follow the one before it");
    }
    String kind =
        switch (record.kind()) {
          case BATCH -> "batch";
          case MARKER -> "marker";
          case CLOSE -> "close";
        };
    DumpLine line =
        DumpLine.of(kind, file, record.offset())
            .with("record", record.number())
            .with("entries", record.payload().entries())
            .with("bytes", record.payload().sizeBytes())
            .with("forcedUpTo", record.knownForced());
    lines.accept(state(withChange(line, record.change()), record.state()));
    if (image.holds(record)) {
      entries(file, record, Bytes.wrap(image.payload(record)));
    } else {
      damage(file, record.offset(), "the record is longer than the file");
    }
    chain = record.checksum();
    nextRecord = record.number() + 1;
    closed = record.kind() == RecordKind.CLOSE;
  }

  private void entries(String file, RecordHeader record, Bytes payload) {
    Bytes rest = payload;
    int at = record.offset() + RecordHeader.SIZE_BYTES;
    for (int i = 0; i < record.payload().entries(); i++) {
      try {
        LogEntry entry = EntryCodec.decodeFirst(rest);
        lines.accept(
            DumpLine.of("entry", file, at)
                .with("index", entry.index())
                .with("term", entry.term())
                .with("kind", entry.kind().toString())
                .with("bytes", entry.sizeBytes())
                .with("says", meaning.apply(entry)));
        at += entry.sizeBytes();
        rest = rest.from(entry.sizeBytes());
      } catch (MalformedEntry malformed) {
        boolean newer = malformed.reason() == MalformedEntry.Reason.UNKNOWN_KIND;
        lines.accept(
            DumpLine.of(newer ? DumpLine.NEWER : DumpLine.DAMAGE, file, at)
                .with("what", "entry of the batch: " + malformed.getMessage()));
        return;
      }
    }
  }

  private static DumpLine withChange(DumpLine line, LogChange change) {
    return switch (change.kind()) {
      case NONE -> line;
      case CUT -> line.with("cutAt", change.position().index());
      case RESET -> line.with("resetTo", change.position().toString());
    };
  }

  private static DumpLine state(DumpLine line, LogState state) {
    return line.with("last", state.last().toString())
        .with("commit", state.commitIndex())
        .with("term", state.hardState().term())
        .with("votedFor", String.valueOf(state.hardState().votedFor()))
        .with("incarnation", state.hardState().incarnation().toString())
        .with("admitted", state.hardState().admitted());
  }

  private static int endOf(RecordHeader record) {
    int sizeBytes = RecordHeader.SIZE_BYTES + Math.max(0, record.payload().sizeBytes());
    int copy = record.kind() == RecordKind.MARKER ? Layout.PAGE : 0;
    return record.offset() + copy + Layout.roundUp(sizeBytes, Layout.SECTOR);
  }

  private void damage(String file, long offset, String what) {
    lines.accept(DumpLine.damage(file, offset, what));
  }
}
