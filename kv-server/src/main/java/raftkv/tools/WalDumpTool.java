package raftkv.tools;

import java.io.IOException;
import java.nio.file.Path;
import raftkv.port.ExitCode;
import raftkv.storage.disk.ReadOnlyDisk;
import raftkv.storage.dump.DumpLine;
import raftkv.storage.wal.WalDump;

/** {@code wal-dump DIR}: every record and entry of the log, as it stands in the files. */
record WalDumpTool(Path directory) implements Tool {
  @Override
  public ExitCode run(Printer printer) throws IOException, NotOurs {
    ReadOnlyDisk disk = new ReadOnlyDisk(directory);
    OurDirectory.Identified identified = OurDirectory.identify(directory, disk, printer);
    int segments = WalDump.dump(disk, EntryWords::of, printer);
    if (segments == 0 && identified.hasCluster()) {
      printer.accept(
          DumpLine.damage("segment-0000000001.wal", 0, "the file is missing, with all of the log"));
    }
    return printer.exitCode();
  }
}
