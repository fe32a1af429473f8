package raftkv.storage.wal;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import raftkv.port.Disk;
import raftkv.port.StorageFailure;
import raftkv.port.Worker;
import raftkv.storage.disk.IoCause;
import raftkv.storage.disk.Room;

/**
 * Prepares segments on the file worker. A full disk is a state: the segment is tried again after a
 * while, and the log waits for it. Anything else that goes wrong ends the node.
 */
final class SegmentPreparer {
  private final Disk disk;
  private final WalConfig config;
  private final Worker fileWorker;
  private final WalTimer timer;
  private final Consumer<String> warnings;
  private final LongConsumer prepared;
  private final Consumer<StorageFailure> failed;

  /** Set by the closing thread, read by the file worker: nothing is created any more. */
  private volatile boolean stopped;

  /**
   * Written by the file worker, read by the loop: no segment could be prepared for want of room.
   */
  private volatile boolean isShort;

  /** Written by the file worker, read by the loop: free space when it was looked at last. */
  private volatile long freeBytes = Long.MAX_VALUE / 2;

  /** Where the outcome goes, on the file worker. */
  SegmentPreparer(
      Disk disk,
      WalConfig config,
      SegmentedWal.Surroundings surroundings,
      LongConsumer prepared,
      Consumer<StorageFailure> failed) {
    this.disk = disk;
    this.config = config;
    this.fileWorker = surroundings.fileWorker();
    this.timer = surroundings.timer();
    this.warnings = surroundings.warnings();
    this.prepared = prepared;
    this.failed = failed;
  }

  /** Prepares that segment, some time. Callable from any thread. */
  void request(long number) {
    fileWorker.execute(() -> prepare(number));
  }

  /** Whether the disk has had no room for a segment since the last one was prepared. */
  boolean isShort() {
    return isShort;
  }

  /** Free space when it was looked at last, which is with every segment. */
  long freeBytes() {
    return freeBytes;
  }

  /** Prepares nothing from now on; what is under way on the file worker ends first. */
  void stop() {
    stopped = true;
  }

  private void prepare(long number) {
    if (stopped) {
      return;
    }
    String file = disk.describe(Segments.name(number));
    try {
      // What the attempt before has left may take up the very room that this one waits for.
      Segments.deleteUnfinished(disk, number);
      freeBytes = disk.freeSpaceBytes();
      if (freeBytes < config.segmentSizeBytes()) {
        retry(number, file, "the disk is full");
        return;
      }
      Segments.prepare(disk, number, config.segmentSizeBytes());
      freeBytes = disk.freeSpaceBytes();
    } catch (IOException e) {
      afterError(number, file, e);
      return;
    }
    if (isShort) {
      warnings.accept("there is room again for " + file);
    }
    isShort = false;
    prepared.accept(number);
  }

  private void afterError(long number, String file, IOException error) {
    if (Room.isWantedBy(error, disk, config.segmentSizeBytes())) {
      retry(number, file, IoCause.of(error));
    } else {
      failed.accept(Segments.writeFailed("preparation", file, 0, error));
    }
  }

  private void retry(long number, String file, String cause) {
    if (!isShort) {
      warnings.accept("no room for " + file + ": " + cause + "; trying again");
    }
    isShort = true;
    timer.schedule(() -> request(number), config.retryNanos());
  }
}
