package raftkv.raft;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A cluster in one of its states, and all that may happen next. The cores are the production ones;
 * disks, network and checks are those of {@link TestCluster}, so every Ready of every state is held
 * against the paper's properties and the rules of what may leave a node.
 *
 * <p>Two simplifications, both on the side of more behaviour: a timer may run out at any moment,
 * and no node is sticky to its leader; and pre-votes are always granted, since safety must not
 * depend on them.
 */
final class ExploreState {
  private static final long A_WHILE_NANOS = 200_000_000;
  private static final int MAX_EXPIRIES = 12;
  private static final int MAX_APPENDS = 2;
  private static final Map<Envelope, Long> DIGESTS = new HashMap<>();

  private final TestCluster cluster;
  private final ExploreBounds bounds;
  private final long[] digests;
  private final int requests;

  /**
   * What earlier runs have sent. It still arrives, but nowhere behind something of the sender's
   * next run (safety rule 1.4).
   */
  private final List<Envelope> older;

  private ExploreState(
      TestCluster cluster,
      ExploreBounds bounds,
      long[] digests,
      int requests,
      List<Envelope> older) {
    this.cluster = cluster;
    this.bounds = bounds;
    this.digests = digests;
    this.requests = requests;
    this.older = older;
  }

  static ExploreState first(TestCluster cluster, ExploreBounds bounds) {
    ExploreState state =
        new ExploreState(cluster, bounds, new long[cluster.ids().size() + 1], 0, new ArrayList<>());
    cluster.nodes().forEach(state::digestAgain);
    state.dropDead();
    return state;
  }

  /** The same state with other bounds. */
  ExploreState within(ExploreBounds other) {
    return new ExploreState(cluster, other, digests, requests, older);
  }

  /** All that may happen next. */
  List<ExploreStep> steps() {
    List<ExploreStep> steps = new ArrayList<>();
    addDeliveries(steps);
    for (TestNode node : cluster.nodes()) {
      if (node.disk().hasQueued()) {
        steps.add(new ExploreStep(ExploreStep.What.PERSIST, node.id, null, null));
      }
      addInputs(steps, node);
      addFaults(steps, node);
    }
    return steps;
  }

  private void addDeliveries(List<ExploreStep> steps) {
    Set<Envelope> known = new LinkedHashSet<>(older);
    for (int i = 0; i < cluster.network.size(); i++) {
      known.add(cluster.network.get(i));
    }
    for (Envelope envelope : known) {
      steps.add(new ExploreStep(ExploreStep.What.DELIVER, envelope.to(), envelope, null));
      if (bounds.allows(ExploreBounds.Kind.DUPLICATE)) {
        steps.add(
            new ExploreStep(
                ExploreStep.What.DELIVER_AND_KEEP,
                envelope.to(),
                envelope,
                ExploreBounds.Kind.DUPLICATE));
      }
    }
  }

  private void addInputs(List<ExploreStep> steps, TestNode node) {
    boolean leads = node.core().isLeader();
    if (!leads && bounds.allows(ExploreBounds.Kind.CAMPAIGN) && mayCampaign(node)) {
      steps.add(ExploreStep.of(ExploreStep.What.CAMPAIGN, node.id, ExploreBounds.Kind.CAMPAIGN));
    }
    if (leads && bounds.allows(ExploreBounds.Kind.PROPOSE)) {
      steps.add(ExploreStep.of(ExploreStep.What.PROPOSE, node.id, ExploreBounds.Kind.PROPOSE));
    }
    if (leads && bounds.allows(ExploreBounds.Kind.HEARTBEAT)) {
      steps.add(ExploreStep.of(ExploreStep.What.HEARTBEAT, node.id, ExploreBounds.Kind.HEARTBEAT));
    }
    if (node.core().leader() != null && bounds.allows(ExploreBounds.Kind.READ)) {
      steps.add(ExploreStep.of(ExploreStep.What.READ, node.id, ExploreBounds.Kind.READ));
    }
  }

  private static boolean mayCampaign(TestNode node) {
    return node.core().log().last().isZero() || node.core().stable().selfCounts();
  }

  private void addFaults(List<ExploreStep> steps, TestNode node) {
    if (bounds.allows(ExploreBounds.Kind.CRASH)) {
      steps.add(ExploreStep.of(ExploreStep.What.CRASH, node.id, ExploreBounds.Kind.CRASH));
    }
    if (bounds.allows(ExploreBounds.Kind.WIPE) && mayLoseDisk(node)) {
      steps.add(ExploreStep.of(ExploreStep.What.WIPE, node.id, ExploreBounds.Kind.WIPE));
    }
    if (bounds.allows(ExploreBounds.Kind.REMOUNT) && node.shelved() > 0 && mayLoseDisk(node)) {
      steps.add(ExploreStep.of(ExploreStep.What.REMOUNT, node.id, ExploreBounds.Kind.REMOUNT));
    }
  }

  /** All others count, by what is committed and as their disks say: more no algorithm survives. */
  private boolean mayLoseDisk(TestNode node) {
    if (!bounds.mayLose(node.id)) {
      return false;
    }
    Roster roster = cluster.committedRoster();
    for (TestNode other : cluster.nodes()) {
      boolean counts =
          roster == null || roster.counts(other.id, other.disk().hardState().standing());
      if (other != node && !counts) {
        return false;
      }
    }
    return true;
  }

  /** The state behind that step. */
  ExploreState after(ExploreStep step) {
    GraphCopier copier = new GraphCopier();
    for (TestNode node : cluster.nodes()) {
      if (!node.id.equals(step.node())) {
        copier.share(node);
      }
    }
    ExploreBounds.Kind spends = step.spends();
    boolean asks = step.what() == ExploreStep.What.PROPOSE || step.what() == ExploreStep.What.READ;
    ExploreState next =
        new ExploreState(
            copier.copy(cluster),
            spends == null ? bounds : bounds.spent(spends),
            digests.clone(),
            asks ? requests + 1 : requests,
            new ArrayList<>(older));
    TestNode node = next.cluster.node(step.node().value());
    next.take(step, node);
    next.digestAgain(node);
    next.dropDead();
    return next;
  }

  private void take(ExploreStep step, TestNode node) {
    switch (step.what()) {
      case DELIVER -> {
        Envelope envelope = Objects.requireNonNull(step.envelope());
        if (!older.remove(envelope)) {
          cluster.network.takeOne(envelope);
          older.removeIf(
              old -> old.from().equals(envelope.from()) && old.to().equals(envelope.to()));
        }
        deliver(node, envelope);
      }
      case DELIVER_AND_KEEP -> deliver(node, Objects.requireNonNull(step.envelope()));
      case PERSIST -> cluster.persistOne(node);
      case CAMPAIGN -> campaign(node);
      case PROPOSE -> cluster.turn(node, core -> core.propose(TestFormat.bytes("c" + requests)));
      case HEARTBEAT -> cluster.advance(node, node.core().nextDeadlineNanos());
      case READ -> cluster.read(node, List.of(requests));
      case CRASH -> {
        endRun(node);
        cluster.crash(node);
        cluster.start(node);
      }
      case WIPE -> {
        endRun(node);
        cluster.wipe(node);
        cluster.start(node);
      }
      case REMOUNT -> {
        endRun(node);
        cluster.remount(node, 0);
        cluster.start(node);
      }
    }
  }

  private void endRun(TestNode node) {
    older.removeIf(envelope -> envelope.to().equals(node.id));
    older.addAll(cluster.network.take(envelope -> envelope.from().equals(node.id)));
  }

  /** Nobody is sticky: whoever is asked for a vote has not heard its leader for a while. */
  private void deliver(TestNode node, Envelope envelope) {
    if (envelope.message() instanceof RaftMessage.RequestVote && !node.core().isLeader()) {
      node.advanceTo(node.clockNanos() + A_WHILE_NANOS);
    }
    cluster.deliver(envelope);
  }

  /** The election timeout passes, and all would vote for the node; nothing else is sent. */
  private void campaign(TestNode node) {
    int sent = cluster.network.size();
    RaftNode core = node.core();
    Role before = core.role();
    for (int i = 0; i < MAX_EXPIRIES && !isNewPreCandidate(core, before); i++) {
      cluster.advance(node, core.nextDeadlineNanos());
    }
    cluster.network.forgetFrom(sent);
    long term = core.term() + 1;
    for (NodeId peer : core.peers()) {
      if (core.role().name() == NodeView.RoleName.PRE_CANDIDATE) {
        RaftMessage yes = new RaftMessage.PreVoteReply(term, true, null, standingOf(core, peer));
        cluster.deliver(new Envelope(peer, node.id, core.term(), yes));
      }
    }
  }

  private static boolean isNewPreCandidate(RaftNode core, Role before) {
    return core.role() != before && core.role().name() == NodeView.RoleName.PRE_CANDIDATE;
  }

  private static Standing standingOf(RaftNode core, NodeId peer) {
    Roster roster = core.stable().electorate().roster();
    Roster.Named named = roster == null ? null : roster.named(peer);
    return new Standing(named == null ? Incarnation.NONE : named.incarnation(), true);
  }

  /**
   * Drops what would change nothing whenever it arrived: answers that come too late. And of each
   * kind all but the newest on a link, or there were no end of states: the network may lose them.
   */
  private void dropDead() {
    older.removeIf(this::isDead);
    cluster.network.take(this::isDead);
    for (int i = cluster.network.size() - 1; i >= 0; i--) {
      Envelope envelope = cluster.network.get(i);
      int newer = 0;
      for (int j = i + 1; j < cluster.network.size(); j++) {
        newer += isAlike(envelope, cluster.network.get(j)) ? 1 : 0;
      }
      int kept = envelope.message() instanceof RaftMessage.AppendEntries ? MAX_APPENDS : 1;
      if (newer >= kept) {
        cluster.network.take(i);
      }
    }
  }

  private static boolean isAlike(Envelope one, Envelope other) {
    return one.from().equals(other.from())
        && one.to().equals(other.to())
        && one.message().getClass() == other.message().getClass();
  }

  private boolean isDead(Envelope envelope) {
    RaftNode to = cluster.node(envelope.to().value()).core();
    RaftMessage message = envelope.message();
    boolean isAnswer =
        message instanceof RaftMessage.RequestVoteReply
            || message instanceof RaftMessage.AppendEntriesReply
            || message instanceof RaftMessage.ReadIndexReply;
    boolean isLate = envelope.term() < to.term();
    boolean toNobody =
        envelope.term() == to.term()
            && ((message instanceof RaftMessage.RequestVoteReply reply
                    && (!reply.granted() || to.role().name() != NodeView.RoleName.CANDIDATE))
                || (message instanceof RaftMessage.AppendEntriesReply && !to.isLeader()));
    return (isAnswer && isLate) || toNobody;
  }

  private void digestAgain(TestNode node) {
    digests[node.id.value()] = GraphDigest.of(node);
  }

  /** The same for states that go on alike. */
  long digest() {
    long messages = 0;
    for (int i = 0; i < cluster.network.size(); i++) {
      messages += DIGESTS.computeIfAbsent(cluster.network.get(i), GraphDigest::of);
    }
    long digest = GraphDigest.mix(messages, bounds.hashCode());
    for (Envelope envelope : older) {
      messages += 31 * DIGESTS.computeIfAbsent(envelope, GraphDigest::of);
    }
    digest = GraphDigest.mix(digest, messages);
    for (long one : digests) {
      digest = GraphDigest.mix(digest, one);
    }
    return GraphDigest.mix(digest, GraphDigest.of(cluster.promises()));
  }

  /** Highest committed index and whether there is a leader: what an exploration has to reach. */
  long highestCommit() {
    long highest = 0;
    for (TestNode node : cluster.nodes()) {
      highest = Math.max(highest, node.core().commitIndex());
    }
    return highest;
  }

  /** Whether some node counts that was named by ADMIT. */
  boolean hasAdmitted() {
    for (TestNode node : cluster.nodes()) {
      Standing standing = node.core().stable().standing();
      if (standing.admitted() && node.core().stable().selfCounts()) {
        return true;
      }
    }
    return false;
  }
}
