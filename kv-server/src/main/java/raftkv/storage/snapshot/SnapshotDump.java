package raftkv.storage.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import raftkv.port.Disk;
import raftkv.port.DiskFile;
import raftkv.port.StateReader;
import raftkv.raft.Roster;
import raftkv.raft.SnapshotMeta;
import raftkv.storage.dump.DumpLine;

/** Tells what stands in a snapshot file, part by part, up to the first damage. Reads only. */
public final class SnapshotDump implements SnapshotParser.Parts {
  private final String name;
  private final Consumer<DumpLine> lines;

  private SnapshotDump(String name, Consumer<DumpLine> lines) {
    this.name = name;
    this.lines = lines;
  }

  /** The files of the directory that have a snapshot's name, oldest first. */
  public static List<String> names(Disk disk) throws IOException {
    List<String> names = new ArrayList<>();
    for (String name : disk.list()) {
      if (SnapshotNames.position(name) != null) {
        names.add(name);
      }
    }
    return names;
  }

  /** Whether it is, or by its name should be, a snapshot and not somebody else's file. */
  public static boolean isSnapshot(Disk disk, String name) throws IOException {
    if (SnapshotNames.position(name) != null) {
      return true;
    }
    try (DiskFile file = disk.open(name)) {
      ByteBuffer begin = ByteBuffer.allocate(Integer.BYTES);
      return file.read(begin, 0) == Integer.BYTES && begin.getInt(0) == SnapshotHeader.MAGIC;
    }
  }

  /**
   * Goes through the file and verifies it.
   *
   * @param reader takes the state, and may tell of it
   * @throws IOException if the file cannot be opened; a read error is told as damage
   */
  public static void dump(Disk disk, String name, StateReader reader, Consumer<DumpLine> lines)
      throws IOException {
    SnapshotDump dump = new SnapshotDump(name, lines);
    try (SnapshotReading reading =
        new SnapshotReading(disk.open(name), new SnapshotParser(reader, dump))) {
      dump.readAll(reading);
    }
  }

  private void readAll(SnapshotReading reading) {
    SnapshotParser.Verified verified = null;
    try {
      while (verified == null) {
        verified = reading.step();
      }
      lines.accept(
          DumpLine.of("verified", name, 0)
              .with("bytes", verified.file().sizeBytes())
              .with("hash", verified.image().hash().toString()));
    } catch (DamagedSnapshot damaged) {
      boolean newer = damaged.reason() == DamagedSnapshot.Reason.NEWER_FORMAT;
      lines.accept(
          DumpLine.of(newer ? DumpLine.NEWER : DumpLine.DAMAGE, name, damaged.offset())
              .with("what", String.valueOf(damaged.getMessage())));
    } catch (IOException unreadable) {
      lines.accept(
          DumpLine.damage(name, reading.offset(), "it cannot be read: " + unreadable.getMessage()));
    }
  }

  @Override
  public void header(SnapshotHeader header) {
    SnapshotMeta meta = header.meta();
    lines.accept(
        DumpLine.of("snapshot", name, 0)
            .with("last", meta.lastIncluded().toString())
            .with("cluster", meta.roster().clusterId().toString()));
    for (Roster.Named member : meta.roster().members()) {
      lines.accept(
          DumpLine.of("member", name, SnapshotHeader.FIXED_BYTES)
              .with("node", member.node().value())
              .with("incarnation", member.incarnation().toString())
              .with("byAdmission", member.byAdmission()));
    }
  }

  @Override
  public void chunk(Chunk chunk, long offset) {
    lines.accept(
        DumpLine.of("chunk", name, offset)
            .with("number", chunk.number())
            .with("bytes", chunk.length()));
  }

  @Override
  public void footer(SnapshotFooter footer) {
    lines.accept(
        DumpLine.of("footer", name, footer.offset())
            .with("chunks", footer.chunks())
            .with("stateBytes", footer.stateBytes())
            .with("hash", footer.hash().toString()));
  }
}
