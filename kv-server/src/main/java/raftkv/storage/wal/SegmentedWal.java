package raftkv.storage.wal;

import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import raftkv.port.LogFiles;
import raftkv.port.LogRoom;
import raftkv.port.LogStore;
import raftkv.port.StorageFailure;
import raftkv.port.Worker;
import raftkv.raft.Check;
import raftkv.raft.LogEntry;
import raftkv.raft.Write;
import raftkv.storage.disk.DataDirectory;

/**
 * The write-ahead log of a node, over segment files. {@link LogRecovery#recover} reads what is
 * there; {@link RecoveredLog#start} gives one of these, which appends.
 *
 * <p>The loop calls {@link #append} and {@link #unwrittenBytes}; everything else is owned by the
 * disk worker, but for the preparation of segments, which runs on the file worker and reports to
 * the disk worker. Neither worker may ever be interrupted: an interrupt closes the file that is
 * written, and the node ends (hazard 84).
 */
public final class SegmentedWal implements LogStore {
  /**
   * What the log works with.
   *
   * @param diskWorker writes and forces, nothing else
   * @param fileWorker prepares segments; another thread than the disk worker, or the log waits
   *     behind each preparation
   * @param timer wakes it to write the idle marker
   * @param warnings takes a line that an operator should see; called on both workers
   */
  public record Surroundings(
      Worker diskWorker, Worker fileWorker, WalTimer timer, Consumer<String> warnings) {}

  /**
   * Ready ahead of the one that is written: the reserve of a disk that is full (decisions §3). The
   * last of them is for hard state alone.
   */
  static final int RESERVED_SEGMENTS = 2;

  private final DataDirectory directory;
  private final WalConfig config;
  private final SegmentWriter writer;
  private final Worker diskWorker;
  private final Worker fileWorker;
  private final WalTimer timer;
  private final Listener listener;
  private final SegmentPreparer preparer;
  private final SegmentRemover remover;
  private final WriteQueue queue = new WriteQueue();
  private final GroupCommit groupCommit;

  /** The newest segment that exists; those behind the one that is written can be entered. */
  private long preparedThrough;

  private boolean preparing;

  private boolean idleTimerArmed;
  private long lastBatchNanos;

  /** Closed or failed: nothing is written any more, ever. */
  private boolean stopped;

  /** Written by the disk worker, read by the loop. */
  private volatile LogFiles files;

  /** Written by the disk worker, read by the loop: what can be written without a new segment. */
  private volatile long preparedBytes;

  SegmentedWal(
      DataDirectory directory,
      WalConfig config,
      SegmentWriter writer,
      Surroundings surroundings,
      Listener listener) {
    this.directory = directory;
    this.config = config;
    this.writer = writer;
    this.diskWorker = surroundings.diskWorker();
    this.fileWorker = surroundings.fileWorker();
    this.timer = surroundings.timer();
    this.listener = listener;
    groupCommit = new GroupCommit(config, writer, queue, listener);
    preparer =
        new SegmentPreparer(
            directory.disk(),
            config,
            surroundings,
            number -> diskWorker.execute(() -> onPrepared(number)),
            failure -> diskWorker.execute(() -> fail(failure)));
    remover =
        new SegmentRemover(
            directory.disk(),
            surroundings.fileWorker(),
            failure -> diskWorker.execute(() -> fail(failure)));
    files = writer.files();
  }

  /** Called once, before the first append: the successor may be there from an earlier run. */
  void begin(int preparedAhead) {
    preparedThrough = writer.segment() + preparedAhead;
    prepareMore();
  }

  /** One preparation at a time, in order, up to the reserve. */
  private void prepareMore() {
    countRoom();
    if (!preparing && preparedThrough < writer.segment() + RESERVED_SEGMENTS) {
      preparing = true;
      preparer.request(preparedThrough + 1);
    }
  }

  @Override
  public void append(Write write) {
    for (LogEntry entry : write.entries()) {
      Check.that(
          entry.sizeBytes() <= config.maxEntryBytes(),
          "an entry fits into a segment",
          entry.sizeBytes(),
          config.maxEntryBytes());
    }
    if (queue.add(write)) {
      diskWorker.execute(this::drain);
    }
  }

  /**
   * Behind what was appended before, on the disk worker, which alone knows where each segment
   * begins. Should the log wait for a segment meanwhile, nothing is lost: what is deleted is
   * covered by the snapshot, whatever is still queued.
   */
  @Override
  public void compact(long throughIndex) {
    diskWorker.execute(
        () ->
            guarded(
                () -> {
                  long oldest = writer.oldestSegment();
                  remover.remove(oldest, writer.compactTo(throughIndex));
                  files = writer.files();
                }));
  }

  @Override
  public LogFiles files() {
    return files;
  }

  @Override
  public LogRoom room(long moreBytes) {
    long reserve = RESERVED_SEGMENTS * (long) config.segmentSizeBytes();
    long left = preparedBytes - unwrittenBytes() - moreBytes;
    if (!preparer.isShort() && left + preparer.freeBytes() >= reserve) {
      return LogRoom.FREE;
    }
    return left >= config.segmentSizeBytes() ? LogRoom.RESERVE : LogRoom.NONE;
  }

  private void countRoom() {
    preparedBytes =
        writer.restBytes()
            + (preparedThrough - writer.segment()) * (long) config.segmentSizeBytes();
  }

  @Override
  public long unwrittenBytes() {
    return queue.unwrittenBytes();
  }

  /**
   * Writes what is queued, then the marker; closes the files and releases the directory's lock
   * last. Waits for both workers, so it must not be called on either of them.
   */
  @Override
  public void close() {
    CountDownLatch closed = new CountDownLatch(1);
    beginClose(closed::countDown);
    awaitUninterrupted(closed);
  }

  /**
   * The same without waiting, for whoever has no thread that may wait.
   *
   * @param closed called on the disk worker when the lock is released, or could not be
   */
  public void beginClose(Runnable closed) {
    preparer.stop();
    remover.stop();
    fileWorker.execute(
        () ->
            diskWorker.execute(
                () -> {
                  try {
                    finish();
                  } finally {
                    closed.run();
                  }
                }));
  }

  private void drain() {
    guarded(
        () -> {
          groupCommit.takeQueued();
          while (!groupCommit.isEmpty()) {
            if (!groupCommit.fits() && !maybeRoll()) {
              return; // goes on when the next segment is prepared
            }
            groupCommit.commitGroup();
            countRoom();
            lastBatchNanos = timer.nowNanos();
            groupCommit.takeQueued();
          }
          armIdleTimer();
        });
  }

  private boolean maybeRoll() {
    if (preparedThrough == writer.segment()) {
      return false;
    }
    writer.roll();
    files = writer.files();
    prepareMore();
    return true;
  }

  private void onPrepared(long number) {
    if (!stopped) {
      Check.that(number == preparedThrough + 1, "the next segment was prepared");
      preparedThrough = number;
      preparing = false;
      prepareMore();
      drain();
    }
  }

  private void armIdleTimer() {
    if (!idleTimerArmed && !writer.isMarked()) {
      idleTimerArmed = true;
      scheduleIdle(config.idleNanos());
    }
  }

  private void scheduleIdle(long delayNanos) {
    timer.schedule(() -> diskWorker.execute(() -> guarded(this::onIdleTimer)), delayNanos);
  }

  /** One timer serves many batches: it is set again for what is missing of the idle time. */
  private void onIdleTimer() {
    long missing = lastBatchNanos + config.idleNanos() - timer.nowNanos();
    if (missing > 0) {
      scheduleIdle(missing);
      return;
    }
    idleTimerArmed = false;
    maybeMark();
  }

  /** Without room and without a next segment the marker waits, as the batches do. */
  private void maybeMark() {
    if (!writer.isMarked() && (writer.fitsMarker() || maybeRoll())) {
      writer.mark();
    }
  }

  private void finish() {
    drain();
    guarded(this::maybeMark);
    stopped = true;
    try {
      writer.closeFile();
    } finally {
      directory.close();
    }
  }

  private void guarded(Runnable work) {
    if (stopped) {
      return;
    }
    try {
      work.run();
    } catch (StorageFailure failure) {
      fail(failure);
    }
  }

  private void fail(StorageFailure failure) {
    if (!stopped) {
      stopped = true;
      listener.failed(failure);
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    boolean interrupted = false;
    boolean done = false;
    while (!done) {
      try {
        latch.await();
        done = true;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
