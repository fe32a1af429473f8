package raftkv.storage.snapshot;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.DiskFile;
import raftkv.port.ExitCode;
import raftkv.port.SnapshotFile;
import raftkv.port.StateImage;
import raftkv.port.StorageFailure;
import raftkv.raft.ClusterId;
import raftkv.raft.LogPosition;
import raftkv.storage.disk.Access;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.disk.IoCause;

/**
 * Finds the newest valid snapshot at start. Unfinished files are deleted, damaged ones renamed
 * aside with a warning before anything is decided (safety rule 6.6). One that cannot be opened is
 * not damaged: the start is refused, and it stays as it is.
 */
public final class SnapshotRecovery {
  private final Disk disk;
  private final @Nullable ClusterId cluster;
  private final FileSnapshotStore.Readers readers;
  private final Aside aside;

  /**
   * What there is.
   *
   * @param stored all valid ones, newest first
   * @param image the state in the newest, or null if there is none
   */
  public record Found(List<SnapshotFile> stored, @Nullable StateImage image) {
    /** Copies the list. */
    public Found {
      stored = List.copyOf(stored);
    }

    /** The newest one, or null. */
    public @Nullable SnapshotFile newest() {
      return stored.isEmpty() ? null : stored.get(0);
    }
  }

  private SnapshotRecovery(
      DataDirectory directory, FileSnapshotStore.Readers readers, Consumer<String> warnings) {
    this.disk = directory.disk();
    this.cluster = directory.clusterId();
    this.readers = readers;
    this.aside = new Aside(disk, warnings);
  }

  /**
   * Reads the snapshots, blocking; all of the newest valid one is in memory afterwards.
   *
   * @throws StorageFailure with {@link ExitCode#NEWER_FORMAT}, {@link ExitCode#IDENTITY} for
   *     another cluster's snapshot, or {@link ExitCode#UNAVAILABLE} if the directory cannot be
   *     read, or one of them cannot be opened
   */
  public static Found recover(
      DataDirectory directory, FileSnapshotStore.Readers readers, Consumer<String> warnings) {
    try {
      return new SnapshotRecovery(directory, readers, warnings).run();
    } catch (IOException e) {
      throw new StorageFailure(
          ExitCode.UNAVAILABLE,
          "the snapshots in "
              + directory.disk().describe(DataDirectory.SNAPSHOT_PREFIX + "*")
              + (" could not be opened: " + IoCause.of(e)),
          e);
    }
  }

  private Found run() throws IOException {
    List<LogPosition> positions = new ArrayList<>();
    for (String name : disk.list()) {
      LogPosition position = SnapshotNames.position(name);
      if (position != null) {
        positions.add(position);
      } else if (SnapshotNames.isUnfinished(name)) {
        disk.delete(name);
      }
    }
    positions.sort(Comparator.comparingLong(LogPosition::index).reversed());
    List<SnapshotFile> stored = new ArrayList<>();
    StateImage image = null;
    for (LogPosition position : positions) {
      SnapshotParser.Verified verified = image == null ? maybeVerify(position) : null;
      SnapshotFile file = image == null ? file(verified) : maybePeek(position);
      if (file != null) {
        refuseForeign(file);
        stored.add(file);
        image = verified == null ? image : verified.image();
      }
    }
    disk.forceDirectory(); // a killed process may have left names unforced
    if (!stored.isEmpty()) {
      aside.maybeMakeRoom(stored.get(0).meta().lastIncluded().index());
    }
    return new Found(stored, image);
  }

  private static @Nullable SnapshotFile file(SnapshotParser.@Nullable Verified verified) {
    return verified == null ? null : verified.file();
  }

  /** Reads all of a snapshot; null if it was damaged. */
  private SnapshotParser.@Nullable Verified maybeVerify(LogPosition position) throws IOException {
    String name = SnapshotNames.of(position);
    DiskFile open = Access.open(disk, name);
    try (SnapshotReading reading =
        new SnapshotReading(open, new SnapshotParser(readers.building().get()))) {
      SnapshotParser.Verified verified = reading.verify();
      checkPlace(verified.file(), position);
      return verified;
    } catch (DamagedSnapshot damaged) {
      afterDamage(name, damaged);
    } catch (IOException unreadable) {
      afterReadError(name, unreadable);
    }
    return null;
  }

  /** Looks at one that is not needed now; null if it was damaged. */
  private @Nullable SnapshotFile maybePeek(LogPosition position) throws IOException {
    String name = SnapshotNames.of(position);
    try (DiskFile open = Access.open(disk, name)) {
      long sizeBytes = Access.sizeBytes(open, disk.describe(name));
      SnapshotFile file = SnapshotReading.peek(open, sizeBytes);
      checkPlace(file, position);
      return file;
    } catch (DamagedSnapshot damaged) {
      afterDamage(name, damaged);
    } catch (IOException unreadable) {
      afterReadError(name, unreadable);
    }
    return null;
  }

  private static void checkPlace(SnapshotFile file, LogPosition named) throws DamagedSnapshot {
    LogPosition found = file.meta().lastIncluded();
    if (!found.equals(named)) {
      throw new DamagedSnapshot(0, "it is of " + found);
    }
  }

  private void afterDamage(String name, DamagedSnapshot damaged) throws IOException {
    if (damaged.reason() == DamagedSnapshot.Reason.NEWER_FORMAT) {
      throw new StorageFailure(
          ExitCode.NEWER_FORMAT, disk.describe(name) + " " + damaged.getMessage());
    }
    aside.put(name, String.valueOf(damaged.getMessage()));
  }

  /** A read error in an open file is rot; the file stays there for whoever wants to look at it. */
  private void afterReadError(String name, IOException unreadable) throws IOException {
    aside.put(name, "and cannot be read: " + IoCause.of(unreadable));
  }

  private void refuseForeign(SnapshotFile file) {
    ClusterId theirs = file.meta().roster().clusterId();
    if (cluster != null && !cluster.equals(theirs)) {
      throw new StorageFailure(
          ExitCode.IDENTITY,
          disk.describe(SnapshotNames.of(file.meta().lastIncluded()))
              + (" belongs to cluster " + theirs + ", this directory to " + cluster));
    }
  }
}
