package raftkv.storage.wal;

import static raftkv.storage.wal.WalFixture.cut;
import static raftkv.storage.wal.WalFixture.entries;
import static raftkv.storage.wal.WalFixture.reset;
import static raftkv.storage.wal.WalFixture.term;
import static raftkv.storage.wal.WalFixture.vote;
import static raftkv.storage.wal.WalFixture.write;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.raft.Check;
import raftkv.raft.ClusterId;
import raftkv.raft.HardState;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.Write;
import raftkv.storage.disk.CrashSubject;

/**
 * Two runs of a node on one disk, for the test that switches it off everywhere: creation, votes,
 * groups of writes, the cluster's id, idle markers, truncations, rolls, a write over two segments,
 * an orderly end, a start, a snapshot that takes the log's place, a kill.
 */
final class CrashScript implements CrashSubject<PromisedStates.State> {
  private static final long IDLE = WalFixture.SMALL.idleNanos();
  private static final ClusterId CLUSTER = new ClusterId(0x77, 0x88);

  private final PromisedStates states = new PromisedStates();
  private final Timing timing;
  private long ticket;

  /** The node that is running. */
  private @Nullable WalFixture running;

  CrashScript(Timing timing) {
    this.timing = timing;
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
    WalFixture fixture = new WalFixture(disk);
    running = fixture;
    fixture.promises = states::promised;
    if (timing == Timing.BETWEEN_WRITES) {
      fixture.run();
    }
  }

  private WalFixture node() {
    return Check.present(running, "the node is running");
  }

  /** The file worker prepares the next segment in the midst of the disk worker's call. */
  @Override
  public boolean maybeWorkBefore(String call) {
    WalFixture node = running;
    return timing == Timing.DURING_WRITES
        && node != null
        && call.startsWith("force segment-")
        && node.fileWorker.runOne();
  }

  @Override
  public Started<PromisedStates.State> start(Disk disk) {
    return new StartedLog(new WalFixture(disk));
  }

  @Override
  public @Nullable String objection(PromisedStates.State found) {
    return states.allows(found) ? null : "allowed " + states.allowed();
  }

  @Override
  public boolean isSame(PromisedStates.State first, PromisedStates.State second) {
    return states.isSame(first, second);
  }

  /** A log that was found, and takes one more entry. */
  private record StartedLog(WalFixture node) implements Started<PromisedStates.State> {
    @Override
    public PromisedStates.State found() {
      return PromisedStates.State.of(node.recovered);
    }

    @Override
    public PromisedStates.State goOn() {
      PromisedStates.State before = found();
      long last = before.base().index() + before.entries().size();
      List<LogEntry> more = entries(last + 1, 1, 50, 600);
      node.appendAndRun(write(1, vote(50, 3), more, last));
      Check.that(node.persisted.equals(List.of(1L)), "what was appended is persisted");
      List<LogEntry> all = new ArrayList<>(before.entries());
      all.addAll(more);
      return new PromisedStates.State(vote(50, 3), before.base(), all);
    }
  }

  private void firstRun() {
    append(next(vote(1, 1), List.of()));
    append(
        next(vote(1, 1), entries(1, 3, 1, 100)),
        next(vote(1, 1), entries(4, 2, 1, 700)),
        next(term(2), List.of()));
    node().directory.clusterIdKnown(CLUSTER);
    node().pass(IDLE);
    append(next(vote(2, 3), entries(6, 1, 1, 10)), nextCut(term(3), 5, entries(5, 2, 3, 300)));
    append(next(vote(3, 2), List.of()));
    append(next(vote(3, 2), entries(7, 5, 3, 1500)));
    append(nextCut(term(4), 11, List.of()));
    node().pass(IDLE);
    append(next(term(5), entries(11, 6, 5, 1000)));
    compact(10);
    append(nextCut(vote(6, 2), 14, entries(14, 1, 6, 400)), nextCut(vote(7, 3), 14, List.of()));
    append(next(vote(7, 3), entries(14, 4, 7, 900)));
    append(next(vote(8, 1), List.of()));
  }

  private void secondRun() {
    append(next(vote(9, 2), entries(18, 2, 9, 200)));
    append(nextCut(vote(10, 3), 19, entries(19, 3, 10, 350)));
    append(
        new Write(++ticket, vote(10, 3), null, 0, entries(22, 1, 10, 50), 20),
        reset(++ticket, vote(10, 3), new LogPosition(30, 10), List.of(), 30),
        next(vote(11, 1), entries(31, 2, 11, 200)));
    node().pass(IDLE);
    append(next(vote(12, 1), entries(33, 9, 12, 1200)));
    compact(36);
    append(next(vote(13, 2), List.of()));
  }

  /** A snapshot of this node's own state reaches there. */
  private void compact(long throughIndex) {
    states.compactedThrough(throughIndex);
    node().wal.compact(throughIndex);
    node().run();
  }

  private Write next(HardState hardState, List<LogEntry> entries) {
    return write(++ticket, hardState, entries, 0);
  }

  private Write nextCut(HardState hardState, long at, List<LogEntry> entries) {
    return cut(++ticket, hardState, at, entries, 0);
  }

  private void append(Write... writes) {
    for (Write write : writes) {
      states.appended(write);
      node().wal.append(write);
    }
    node().run();
  }
}
