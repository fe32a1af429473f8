package raftkv.storage.snapshot;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.raft.LogPosition;
import raftkv.storage.disk.IoCause;

/** Keeps damaged snapshots for people, under names with which they count for nothing. */
final class Aside {
  private static final String PREFIX = "damaged-";

  private final Disk disk;
  private final Consumer<String> warnings;
  private final Set<String> own = new HashSet<>();

  Aside(Disk disk, Consumer<String> warnings) {
    this.disk = disk;
    this.warnings = warnings;
  }

  /** Renames a damaged snapshot, durably, so that it counts for nothing from now on. */
  void put(String name, String what) throws IOException {
    String aside = PREFIX + name;
    disk.rename(name, aside);
    disk.forceDirectory();
    own.add(aside);
    warnings.accept(
        "the snapshot " + disk.describe(name) + " is damaged " + what + "; renamed to " + aside);
  }

  /**
   * If one was put here now, deletes those that were before. Never one above the newest valid
   * snapshot: until there is another of its index, it may be all that is left of a state.
   */
  void maybeMakeRoom(long newestValidIndex) {
    if (own.isEmpty()) {
      return;
    }
    try {
      for (String name : disk.list()) {
        LogPosition position = position(name);
        if (position != null && position.index() <= newestValidIndex && !own.contains(name)) {
          disk.delete(name);
        }
      }
    } catch (IOException e) {
      warnings.accept("an old damaged snapshot cannot be deleted: " + IoCause.of(e));
    }
  }

  private static @Nullable LogPosition position(String name) {
    return name.startsWith(PREFIX) ? SnapshotNames.position(name.substring(PREFIX.length())) : null;
  }
}
