package raftkv.storage;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotStore.Incoming;
import raftkv.port.SnapshotStore.Received;
import raftkv.port.SnapshotStore.Saved;
import raftkv.port.StateCapture;
import raftkv.raft.Bytes;
import raftkv.raft.Check;
import raftkv.raft.ClusterId;
import raftkv.raft.HardState;
import raftkv.raft.Incarnation;
import raftkv.raft.LogEntry;
import raftkv.raft.NodeId;
import raftkv.raft.SnapshotMeta;
import raftkv.raft.Write;
import raftkv.storage.disk.CrashSubject;
import raftkv.storage.disk.MemoryDisk;

/**
 * Two runs of a node with all its files: it forms a cluster, appends, votes, rolls segments, cuts
 * its log, takes snapshots and lets the log go behind them; it is stopped and started; it takes a
 * peer's snapshot beyond its log, one within it, and one of other text than its log.
 */
final class NodeLife implements CrashSubject<NodePromises.Found> {
  /** What the node that lives here does wrong. */
  enum Mistake {
    NONE,
    /** The log goes when a snapshot is begun, not when it is durable. */
    LOG_GOES_BEFORE_THE_SNAPSHOT_IS_THERE,
    /** A peer's snapshot takes the log's place before it is durable. */
    RESET_BEFORE_THE_SNAPSHOT_IS_THERE
  }

  private static final ClusterId CLUSTER = new ClusterId(7, 9);
  private static final int PIECE_BYTES = 900;

  private final Timing timing;
  private final Mistake mistake;
  private final NodeText text = new NodeText();
  private final Incarnation incarnation = drawnByABlankNode();
  private final NodePromises promises = new NodePromises(text, incarnation);
  private long ticket;

  /** The node that is running. */
  private @Nullable StoredNode running;

  NodeLife(Timing timing, Mistake mistake) {
    this.timing = timing;
    this.mistake = mistake;
  }

  private static Incarnation drawnByABlankNode() {
    Write first = Check.present(new StoredNode(new MemoryDisk()).first, "a blank node writes");
    return first.hardState().incarnation();
  }

  @Override
  public void live(Disk disk) {
    begin(disk);
    firstRun();
    node().close();
    begin(disk);
    secondRun();
  }

  private void begin(Disk disk) {
    running = null;
    StoredNode node = new StoredNode(disk);
    node.promises = promises.log::promised;
    running = node;
    Write first = node.first;
    if (first != null) {
      append(
          new Write(
              ++ticket,
              first.hardState(),
              first.reset(),
              first.cutAt(),
              first.entries(),
              first.commitIndex()));
    }
    runBetween();
  }

  private void firstRun() {
    append(write(vote(1, 2), text.settings(CLUSTER, 1)));
    append(write(vote(1, 2), text.puts(3, 1, 40)));
    promises.joining(CLUSTER);
    node().directory.clusterIdKnown(CLUSTER);
    promises.joined();
    node().idle();
    append(write(vote(1, 2), text.puts(4, 1, 3_000)), write(vote(1, 2), text.puts(2, 1, 60)));
    takeSnapshot(10, write(vote(1, 2), text.puts(3, 1, 500)), write(vote(2, 3), List.of()));
    text.cut(12);
    append(cut(vote(3, 1), 12, text.puts(2, 3, 700)));
    append(write(vote(3, 1), text.puts(5, 3, 2_900)));
    append(write(vote(3, 1), text.puts(2, 3, 30)));
    takeSnapshot(20, write(vote(3, 1), text.puts(1, 3, 100)));
    node().idle();
    takeSnapshot(21, write(vote(4, 2), text.puts(2, 4, 200)));
  }

  private void secondRun() {
    append(write(vote(5, 3), text.puts(2, 5, 300)));
    beyondTheLog(6, 15);
    append(write(vote(6, 2), text.puts(4, 6, 2_500)));
    takeSnapshot(text.lastIndex(), write(vote(6, 2), text.puts(2, 6, 50)));
    append(write(vote(7, 1), text.puts(4, 7, 90)));
    withinTheLog(text.lastIndex() - 2);
    node().idle();
    append(write(vote(8, 2), text.puts(3, 8, 120)));
    text.cut(text.lastIndex() - 1);
    beyondTheLog(9, 1);
    append(write(vote(9, 3), text.puts(1, 9, 80)));
  }

  /** Its own state up to there, while it appends what it then knows to be written. */
  private void takeSnapshot(long index, Write... meanwhile) {
    StateCapture capture = text.capture(index);
    long term = text.position(index).term();
    promises.saving(fileOf(capture, term));
    if (mistake == Mistake.LOG_GOES_BEFORE_THE_SNAPSHOT_IS_THERE) {
      node().wal.compact(index);
    }
    node().snapshots.save(capture, term, saved -> onSaved(saved, index));
    append(meanwhile);
  }

  private void onSaved(Saved saved, long index) {
    Check.that(saved instanceof Saved.Durable, "a snapshot is saved");
    promises.snapshotPromised();
    node().wal.compact(index);
  }

  /** What the file will be; its size does not depend on the disk. */
  private SnapshotFile fileOf(StateCapture capture, long term) {
    NodeText.Offer same = text.offer(capture.index());
    Check.that(same.file().meta().lastIncluded().term() == term, "the entry has that term");
    return same.file();
  }

  /** A peer's snapshot that the log does not reach, or says otherwise: it takes its place. */
  private void beyondTheLog(long term, int ahead) {
    text.puts(ahead, term, 150);
    NodeText.Offer offer = text.offer(text.lastIndex());
    SnapshotMeta meta = offer.file().meta();
    Write reset = new Write(++ticket, vote(term, null), meta, 0, List.of(), text.lastIndex());
    if (mistake == Mistake.RESET_BEFORE_THE_SNAPSHOT_IS_THERE) {
      append(reset);
      receive(offer, () -> {});
    } else {
      receive(offer, () -> append(reset));
    }
    node().wal.compact(text.lastIndex());
    node().run();
  }

  /** A peer's snapshot that the log reaches by then: the log goes on behind it. */
  private void withinTheLog(long index) {
    receive(text.offer(index), () -> node().wal.compact(index));
    node().run();
  }

  private void receive(NodeText.Offer offer, Runnable whenDurable) {
    promises.receiving(offer.file());
    Incoming incoming = node().snapshots.receive(offer.file());
    byte[] bytes = offer.bytes().toByteArray();
    for (int at = 0; at < bytes.length; at += PIECE_BYTES) {
      int length = Math.min(PIECE_BYTES, bytes.length - at);
      incoming.take(Bytes.wrap(bytes, at, length), () -> {});
    }
    List<Received> outcome = new ArrayList<>();
    incoming.finish(
        received -> {
          promises.snapshotPromised();
          outcome.add(received);
        });
    node().run();
    Check.that(outcome.get(0) instanceof Received.Durable, "a snapshot arrives");
    whenDurable.run();
  }

  private Write write(HardState hardState, List<LogEntry> entries) {
    return cut(hardState, 0, entries);
  }

  private Write cut(HardState hardState, long at, List<LogEntry> entries) {
    return new Write(++ticket, hardState, null, at, entries, 0);
  }

  private HardState vote(long term, @Nullable Integer votedFor) {
    NodeId node = votedFor == null ? null : new NodeId(votedFor);
    return new HardState(term, node, incarnation, false);
  }

  private void append(Write... writes) {
    for (Write write : writes) {
      promises.log.appended(write);
      node().wal.append(write);
    }
    node().run();
  }

  private StoredNode node() {
    return Check.present(running, "the node is running");
  }

  private void runBetween() {
    if (timing == Timing.BETWEEN_WRITES) {
      node().run();
    }
  }

  /** While one worker's bytes are not forced, the others go on. */
  @Override
  public boolean maybeWorkBefore(String call) {
    StoredNode node = running;
    if (timing == Timing.BETWEEN_WRITES || node == null) {
      return false;
    } else if (call.startsWith("force segment-")) {
      return node.maybeRun(node.snapshotWorker) || node.maybeRun(node.fileWorker);
    }
    return call.startsWith("force snapshot-") && node.maybeRun(node.diskWorker);
  }

  @Override
  public Started<NodePromises.Found> start(Disk disk) {
    return new StartedNode(new StoredNode(disk));
  }

  @Override
  public @Nullable String objection(NodePromises.Found found) {
    return promises.objection(found);
  }

  @Override
  public boolean isSame(NodePromises.Found first, NodePromises.Found second) {
    return first.isSameAs(second);
  }
}
