package raftkv.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One cluster under random faults, all drawn from a seed: messages that are lost, doubled and
 * overtaken, links that are cut, disks that take their time, crashes, compaction, disks that are
 * wiped or put back, state machines that have to be replaced. Then everything is healed, and within
 * bounded time there has to be a leader that commits, and every member has to count again. No time
 * passes but here.
 */
final class RandomRun implements TestCluster.Trace {
  private static final long MILLISECOND = 1_000_000;
  private static final int STEPS = 500;
  private static final int MAX_PENDING = 200;
  private static final long HEALED_WITHIN_NANOS = 10_000 * MILLISECOND;

  private final Xoshiro256 random;
  private final int size;
  private final TestCluster cluster;
  private final List<SnapshotTransfer> transfers = new ArrayList<>();
  private long now;
  private long requests;
  private long committed;
  private int lostDisks;
  private long hash;

  RandomRun(long seed) {
    random = new Xoshiro256(seed);
    size = random.nextLong() % 2 == 0 ? 3 : 5;
    int window = (int) between(1, 4);
    int append = (int) between(1, 12);
    long retained = between(0, 40);
    UnaryOperator<RaftConfig> adjust =
        config -> TestConfigs.copy(config, append, window, 200).withRetainedLogBytes(retained);
    cluster = new TestCluster(size, seed, this, adjust);
  }

  /** What happened, as one number: the same seed gives the same. */
  long hash() {
    return hash;
  }

  /** How many entries the nodes have applied, all together. */
  long committed() {
    return committed;
  }

  /** How many disks were wiped or put back. */
  int lostDisks() {
    return lostDisks;
  }

  void run() {
    for (TestNode node : cluster.nodes()) {
      node.slowDisk(true);
      cluster.start(node);
    }
    for (int step = 0; step < STEPS; step++) {
      passTime(between(1, 5 * MILLISECOND));
      for (long i = between(0, 8); i > 0; i--) {
        deliverSome();
        persistSome();
      }
      act();
    }
    heal();
  }

  private long between(long from, long to) {
    return Xoshiro256.between(random, from, to);
  }

  private boolean chance(int ofThousand) {
    return between(1, 1_000) <= ofThousand;
  }

  private TestNode anyNode() {
    return cluster.node((int) between(1, size));
  }

  private void passTime(long nanos) {
    now += nanos;
    for (TestNode node : cluster.nodes()) {
      node.advanceTo(now);
      if (node.isUp() && node.core().nextDeadlineNanos() <= now) {
        cluster.turn(node, RaftNode::expireTimers);
      }
    }
  }

  private void deliverSome() {
    TestNetwork network = cluster.network;
    if (network.size() == 0) {
      return;
    }
    boolean inOrder = chance(700) && network.size() < MAX_PENDING;
    int place = inOrder ? 0 : (int) between(0, network.size() - 1);
    if (chance(50)) {
      cluster.deliver(network.get(place));
    } else if (chance(60)) {
      network.take(place);
    } else {
      cluster.deliver(network.take(place));
    }
  }

  private void persistSome() {
    TestNode node = anyNode();
    if (node.isUp() && node.disk().hasQueued() && chance(600)) {
      cluster.persistOne(node);
    }
  }

  private void act() {
    TestNode node = anyNode();
    if (!node.isUp()) {
      if (chance(100)) {
        cluster.start(node);
      }
      return;
    }
    if (chance(8)) {
      cluster.crash(node);
    } else if (chance(6)) {
      loseDisk(node);
    } else if (chance(5)) {
      healState(node);
    } else if (chance(15)) {
      cluster.network.cut(node.id, anyNode().id);
    } else if (chance(25)) {
      cluster.network.heal();
    } else if (chance(10)) {
      NodeId peer = anyNode().id;
      cluster.turn(node, core -> core.linkLost(peer));
    } else {
      request(node);
    }
    sendSnapshot();
  }

  /**
   * A node's disk is wiped, or an older one put back. Never so many that no majority counts: the
   * others have to.
   */
  private void loseDisk(TestNode node) {
    int counting = 0;
    for (TestNode other : cluster.nodes()) {
      counting += other != node && countsForAll(other) ? 1 : 0;
    }
    if (counting < Quorum.majorityOf(size)) {
      return;
    }
    lostDisks++;
    if (node.shelved() > 0 && chance(400)) {
      cluster.remount(node, (int) between(0, node.shelved() - 1));
    } else {
      cluster.wipe(node);
    }
  }

  /**
   * By what is committed, and by all logs. What is committed alone does not tell: a log may name,
   * not committed yet, the incarnation that a node had before its older disk was put back.
   */
  private boolean countsForAll(TestNode node) {
    Standing standing = node.disk().hardState().standing();
    Roster committedRoster = cluster.committedRoster();
    boolean counts = committedRoster != null && committedRoster.counts(node.id, standing);
    for (TestNode judge : cluster.nodes()) {
      Electorate electorate = judge.isUp() ? judge.core().stable().electorate() : null;
      if (electorate != null && electorate.roster() != null) {
        counts &= electorate.counts(node.id, standing);
      }
    }
    return counts;
  }

  /** A node that does not trust its state machine takes a peer's snapshot (safety rule 7.1). */
  private void healState(TestNode node) {
    TestNode peer = anyNode();
    if (peer == node || !peer.isUp()) {
      return;
    }
    LogPosition snapshot = peer.core().log().snapshot();
    if (snapshot.isZero() || snapshot.index() < node.core().logBase().index()) {
      return;
    }
    SnapshotMeta meta = metaOf(peer, snapshot.index());
    node.disk().saveSnapshot(meta);
    cluster.turn(node, core -> core.restoreFenced(peer.id, peer.core().term(), meta));
  }

  private void request(TestNode node) {
    requests++;
    long id = requests;
    if (chance(10)) {
      cluster.turn(node, core -> core.transferLeadership(null));
    } else if (chance(60)) {
      compact(node);
    } else if (chance(300)) {
      cluster.read(node, List.of((int) id));
    } else {
      cluster.turn(node, core -> core.propose(TestFormat.bytes("c" + id)));
    }
  }

  /** A snapshot is taken only at an index that is applied and durable in the own log. */
  private void compact(TestNode node) {
    RaftLog log = node.core().log();
    long index = Math.min(log.appliedIndex(), node.core().stable().durableIndex());
    if (index > log.snapshot().index()) {
      SnapshotMeta meta = metaOf(node, index);
      node.disk().saveSnapshot(meta);
      long dropped = index % 2 == 0 ? index - 2 : 0;
      cluster.turn(node, core -> core.snapshotSaved(meta, dropped));
    }
  }

  private static SnapshotMeta metaOf(TestNode node, long index) {
    Roster roster = node.core().stable().electorate().rosterAt(index);
    Check.that(roster != null, "committed text names the members");
    return new SnapshotMeta(
        new LogPosition(index, node.core().log().termAt(index)), Objects.requireNonNull(roster));
  }

  /** The oldest snapshot that was asked for arrives, or does not. */
  private void sendSnapshot() {
    if (transfers.isEmpty() || !chance(200)) {
      return;
    }
    SnapshotTransfer transfer = transfers.remove(0);
    TestNode leader = leaderOf(transfer.term());
    TestNode to = cluster.node(transfer.to().value());
    if (leader == null) {
      return;
    }
    boolean arrives = to.isUp() && !chance(300);
    if (arrives) {
      SnapshotMeta meta = metaOf(leader, leader.core().log().snapshot().index());
      if (meta.lastIncluded().index() > to.core().commitIndex()) {
        to.disk().saveSnapshot(meta);
      }
      cluster.turn(to, core -> core.snapshotArrived(leader.id, transfer.term(), meta));
    }
    cluster.turn(leader, core -> core.snapshotSent(transfer.to(), arrives));
  }

  private @Nullable TestNode leaderOf(long term) {
    for (TestNode node : cluster.nodes()) {
      if (node.isUp() && node.core().isLeader() && node.core().term() == term) {
        return node;
      }
    }
    return null;
  }

  /** Faults end; a proposal made now has to be applied everywhere, in bounded time. */
  private void heal() {
    cluster.network.heal();
    for (TestNode node : cluster.nodes()) {
      node.slowDisk(false);
      if (!node.isUp()) {
        cluster.start(node);
      }
      while (node.disk().hasQueued()) {
        cluster.persistOne(node);
      }
    }
    long end = now + HEALED_WITHIN_NANOS;
    String last = "last";
    while (!isAppliedEverywhere(last) || !doAllCount()) {
      Check.that(now < end, "after healing, all apply a proposal and count, in time");
      passTime(5 * MILLISECOND);
      while (cluster.network.size() > 0) {
        cluster.deliver(cluster.network.take(0));
        sendSnapshot();
      }
      for (TestNode node : cluster.nodes()) {
        if (node.core().isLeader() && !node.applied.contains(last)) {
          cluster.turn(node, core -> core.propose(TestFormat.bytes(last)));
        }
      }
    }
  }

  private boolean doAllCount() {
    for (TestNode node : cluster.nodes()) {
      if (!node.core().view().counts()) {
        return false;
      }
    }
    return true;
  }

  private boolean isAppliedEverywhere(String command) {
    for (TestNode node : cluster.nodes()) {
      if (!node.applied.contains(command)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void ready(TestNode node, Ready ready) {
    transfers.addAll(ready.transfers());
    committed += ready.committed().size();
    for (Envelope envelope : ready.messages()) {
      hash = hash * 31 + envelope.hashCode();
    }
    hash = hash * 31 + ready.committed().size();
  }

  @Override
  public void lost(Envelope envelope) {
    hash++;
  }
}
