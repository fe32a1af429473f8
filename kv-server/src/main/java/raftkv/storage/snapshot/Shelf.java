package raftkv.storage.snapshot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import raftkv.port.SnapshotFile;
import raftkv.raft.LogPosition;

/**
 * Which snapshots there are, and which are being sent. Read by the loop and changed by the snapshot
 * worker, hence the lock; nothing that takes long happens under it.
 */
final class Shelf {
  /** Newest first. */
  private final List<SnapshotFile> files = new ArrayList<>();

  private final Map<LogPosition, Integer> senders = new HashMap<>();

  Shelf(List<SnapshotFile> found) {
    files.addAll(found);
    sort();
  }

  synchronized @Nullable SnapshotFile newest() {
    return files.isEmpty() ? null : files.get(0);
  }

  /** All of them, newest first. */
  synchronized List<SnapshotFile> all() {
    return List.copyOf(files);
  }

  synchronized @Nullable SnapshotFile at(LogPosition position) {
    for (SnapshotFile file : files) {
      if (file.meta().lastIncluded().equals(position)) {
        return file;
      }
    }
    return null;
  }

  /** Takes in a file; one of the same position is replaced. */
  synchronized void add(SnapshotFile file) {
    remove(file);
    files.add(file);
    sort();
  }

  synchronized void remove(SnapshotFile file) {
    LogPosition position = file.meta().lastIncluded();
    files.removeIf(stored -> stored.meta().lastIncluded().equals(position));
  }

  /** From now on somebody sends it: it must not be deleted. */
  synchronized void hold(SnapshotFile file) {
    senders.merge(file.meta().lastIncluded(), 1, Integer::sum);
  }

  synchronized void release(SnapshotFile file) {
    senders.computeIfPresent(
        file.meta().lastIncluded(), (position, count) -> count == 1 ? null : count - 1);
  }

  /** Those that may go, so that so many are left besides the ones that are being sent. */
  synchronized List<SnapshotFile> beyond(int kept) {
    List<SnapshotFile> old = new ArrayList<>();
    for (int i = kept; i < files.size(); i++) {
      if (!senders.containsKey(files.get(i).meta().lastIncluded())) {
        old.add(files.get(i));
      }
    }
    return old;
  }

  private void sort() {
    Comparator<SnapshotFile> byIndex =
        Comparator.comparingLong(file -> file.meta().lastIncluded().index());
    files.sort(byIndex.reversed());
  }
}
