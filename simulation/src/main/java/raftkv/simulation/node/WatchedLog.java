package raftkv.simulation.node;

import raftkv.port.LogFiles;
import raftkv.port.LogRoom;
import raftkv.port.LogStore;
import raftkv.port.StorageFailure;
import raftkv.raft.NodeId;
import raftkv.raft.Write;
import raftkv.simulation.disk.SimDisk;
import raftkv.simulation.time.Life;
import raftkv.simulation.time.SimEventLoop;
import raftkv.simulation.time.Timeline;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.wal.SegmentedWal;

/**
 * The real log store, with its calls and completions at the clocks at which they happen: a task
 * runs in one go, so without this the loop would hear of a force that has not ended yet.
 */
final class WatchedLog implements LogStore {
  private final SegmentedWal wal;
  private final NodeId node;
  private final Watch watch;
  private final Timeline timeline;
  private final Life life;
  private final SimEventLoop loop;

  WatchedLog(
      SegmentedWal wal, NodeId node, Watch watch, Timeline timeline, Life life, SimEventLoop loop) {
    this.wal = wal;
    this.node = node;
    this.watch = watch;
    this.timeline = timeline;
    this.life = life;
    this.loop = loop;
  }

  @Override
  public void append(Write write) {
    loop.onOutwardCall();
    if (timeline.isAhead()) {
      timeline.after(0, () -> appendNow(write));
    } else {
      appendNow(write);
    }
  }

  private void appendNow(Write write) {
    if (life.isOn()) {
      watch.appended(node, write);
      wal.append(write);
    }
  }

  @Override
  public void compact(long throughIndex) {
    loop.onOutwardCall();
    timeline.after(
        0,
        () -> {
          if (life.isOn()) {
            watch.compacted(node, throughIndex);
            wal.compact(throughIndex);
          }
        });
  }

  @Override
  public LogFiles files() {
    return wal.files();
  }

  @Override
  public LogRoom room(long moreBytes) {
    return wal.room(moreBytes);
  }

  @Override
  public long unwrittenBytes() {
    return wal.unwrittenBytes();
  }

  /** Never called: in one thread the wait could not end. {@link NodeRun#stop} begins the close. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("nobody may wait here");
  }

  /** What the log store reports to: passes it on at the disk worker's clock. */
  static final class Completions implements Listener {
    private final Listener target;
    private final NodeId node;
    private final Watch watch;
    private final Timeline timeline;
    private final Life life;
    private final SimDisk disk;

    Completions(
        Listener target, NodeId node, Watch watch, Timeline timeline, Life life, SimDisk disk) {
      this.target = target;
      this.node = node;
      this.watch = watch;
      this.timeline = timeline;
      this.life = life;
      this.disk = disk;
    }

    @Override
    public void persisted(long ticket) {
      watch.claimedDurable(node, !disk.isDirty(DataDirectory.SEGMENT_PREFIX, ".wal"));
      timeline.after(
          0,
          () -> {
            if (life.isOn()) {
              watch.persisted(node, ticket);
              target.persisted(ticket);
            }
          });
    }

    @Override
    public void failed(StorageFailure failure) {
      timeline.after(
          0,
          () -> {
            if (life.isOn()) {
              target.failed(failure);
            }
          });
    }
  }
}
