package raftkv.storage.wal;

import java.io.IOException;
import java.util.function.Consumer;
import raftkv.port.Disk;
import raftkv.port.StorageFailure;
import raftkv.port.Worker;

/**
 * Deletes segments that a snapshot has made needless, on the file worker: oldest first, and each
 * name's end is forced before the next goes, so that a crash leaves no gap (safety rule 6.8).
 */
final class SegmentRemover {
  private final Disk disk;
  private final Worker fileWorker;
  private final Consumer<StorageFailure> failed;

  /** Set by the closing thread, read by the file worker: nothing is deleted any more. */
  private volatile boolean stopped;

  /** Where a failure goes, on the file worker. */
  SegmentRemover(Disk disk, Worker fileWorker, Consumer<StorageFailure> failed) {
    this.disk = disk;
    this.fileWorker = fileWorker;
    this.failed = failed;
  }

  /** Deletes those segments, some time; a later one has been entered. Callable from any thread. */
  void remove(long fromSegment, long toSegmentExclusive) {
    if (fromSegment < toSegmentExclusive) {
      fileWorker.execute(() -> delete(fromSegment, toSegmentExclusive));
    }
  }

  /** Deletes nothing from now on: what is left over is no damage, and goes with the next. */
  void stop() {
    stopped = true;
  }

  private void delete(long fromSegment, long toSegmentExclusive) {
    for (long segment = fromSegment; segment < toSegmentExclusive && !stopped; segment++) {
      try {
        disk.delete(Segments.name(segment));
        disk.forceDirectory();
      } catch (IOException e) {
        failed.accept(
            Segments.writeFailed("deletion", disk.describe(Segments.name(segment)), 0, e));
        return;
      }
    }
  }
}
