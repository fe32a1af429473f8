package raftkv.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.dump.DumpLine;

/** Whether a directory is a data directory at all, and whose. */
final class OurDirectory {
  private static final String IDENTITY = "identity";

  private OurDirectory() {}

  /** What the identity says, if it is there and intact. */
  record Identified(DataDirectory.@Nullable Owner owner) {
    boolean hasCluster() {
      return owner != null && owner.cluster() != null;
    }
  }

  /**
   * Looks at the identity and prints it. One that is damaged or missing is a fault with the status
   * of a start, which refuses the directory before it looks at anything else.
   *
   * @throws Tool.NotOurs if there is neither an identity nor a file of a log or snapshot
   */
  static Identified identify(Path directory, Disk disk, Printer printer)
      throws IOException, Tool.NotOurs {
    if (!Files.exists(directory)) {
      throw new NoSuchFileException(directory.toString(), null, "it does not exist");
    }
    if (!Files.isDirectory(directory)) {
      throw new NoSuchFileException(directory.toString(), null, "it is no directory");
    }
    boolean holdsData = holdsData(disk);
    try {
      DataDirectory.Owner owner = DataDirectory.ownerOf(disk);
      if (owner == null && !holdsData) {
        throw new Tool.NotOurs(directory + " is no data directory: it has no identity and no log");
      }
      print(owner, printer);
      return new Identified(owner);
    } catch (StorageFailure failure) {
      String kind = failure.exitCode() == ExitCode.NEWER_FORMAT ? DumpLine.NEWER : DumpLine.DAMAGE;
      printer.fault(
          DumpLine.of(kind, IDENTITY, 0).with("what", String.valueOf(failure.getMessage())),
          failure.exitCode());
      return new Identified(null);
    }
  }

  private static void print(DataDirectory.@Nullable Owner owner, Printer printer) {
    if (owner == null) {
      printer.fault(
          DumpLine.damage(IDENTITY, 0, "the file is missing, but there is a log"),
          ExitCode.IDENTITY);
      return;
    }
    printer.accept(
        DumpLine.of(IDENTITY, IDENTITY, 0)
            .with("node", owner.node().value())
            .with("cluster", String.valueOf(owner.cluster())));
  }

  private static boolean holdsData(Disk disk) throws IOException {
    for (String name : disk.list()) {
      if (name.startsWith(DataDirectory.SEGMENT_PREFIX)
          || name.startsWith(DataDirectory.SNAPSHOT_PREFIX)) {
        return true;
      }
    }
    return false;
  }
}
