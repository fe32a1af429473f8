package raftkv.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import raftkv.kv.KvEntry;
import raftkv.kv.KvStateReader;
import raftkv.kv.StateListener;
import raftkv.port.ExitCode;
import raftkv.storage.disk.ReadOnlyDisk;
import raftkv.storage.dump.DumpLine;
import raftkv.storage.snapshot.SnapshotDump;

/** {@code snapshot-dump FILE}: every part of a snapshot, and every key and session in it. */
record SnapshotDumpTool(Path file) implements Tool {
  @Override
  public ExitCode run(Printer printer) throws IOException, NotOurs {
    Path absolute = file.toAbsolutePath().normalize();
    Path directory = absolute.getParent();
    String name = String.valueOf(absolute.getFileName());
    if (!Files.exists(absolute)) {
      throw new NoSuchFileException(file.toString(), null, "it does not exist");
    }
    if (directory == null || Files.isDirectory(absolute)) {
      throw new NotOurs(file + " is a directory: name one of its files snapshot-*.snap");
    }
    ReadOnlyDisk disk = new ReadOnlyDisk(directory);
    if (!SnapshotDump.isSnapshot(disk, name)) {
      throw new NotOurs(file + " is no snapshot");
    }
    SnapshotDump.dump(disk, name, KvStateReader.telling(new Contents(name, printer)), printer);
    return printer.exitCode();
  }

  /** Places are those of the file's chunks, so contents have none of their own. */
  private record Contents(String name, Printer printer) implements StateListener {
    @Override
    public void entry(KvEntry entry) {
      printer.accept(
          DumpLine.of("entry", name, 0)
              .with("key", entry.keyText())
              .with("bytes", entry.value().bytes().length())
              .with("kind", entry.value().kind().toString())
              .with("createIndex", entry.createIndex())
              .with("modIndex", entry.modIndex())
              .with("version", entry.version()));
    }

    @Override
    public void session(SessionFacts session) {
      printer.accept(
          DumpLine.of("session", name, 0)
              .with("client", EntryWords.text(session.clientId()))
              .with("kind", session.kind().toString())
              .with("createIndex", session.createIndex())
              .with("lastUsedIndex", session.lastUsedIndex())
              .with("floor", session.floor())
              .with("highest", session.highest()));
    }

    @Override
    public void mark(MarkFacts mark) {
      printer.accept(
          DumpLine.of("answer", name, 0)
              .with("seqNum", mark.seqNum())
              .with("index", mark.index())
              .with("answer", mark.what()));
    }
  }
}
