package raftkv.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Node 1 of a formed cluster, alone with a test that speaks for all others. Its disk is fast, its
 * clock stands still, and what it says is kept until it is asked for. What the others are said to
 * have done is taken for true.
 */
final class PaperNode {
  private static final long FIRST_TERM = 1;

  private final TestCluster cluster;
  private final TestNode node;
  private final List<ReadOutcome> reads = new ArrayList<>();

  /** Of a cluster of that size, with entries of these terms on disk, in the term of the last. */
  PaperNode(int size, long... terms) {
    cluster = new TestCluster(size, 1, new Ears(), config -> config);
    cluster.trustOthers();
    node = cluster.node(1);
    List<LogEntry> entries = new ArrayList<>();
    entries.add(entry(1, FIRST_TERM));
    for (int i = 1; i < terms.length; i++) {
      entries.add(entry(i + 1, terms[i]));
    }
    HardState hardState =
        new HardState(terms[terms.length - 1], null, standing(1).incarnation(), false);
    cluster.replaceDisk(node, TestDisk.of(hardState, entries, 1));
    cluster.start(node);
  }

  /** Keeps what became of reads. */
  private final class Ears implements TestCluster.Trace {
    @Override
    public void ready(TestNode speaker, Ready ready) {
      reads.addAll(ready.reads());
    }

    @Override
    public void lost(Envelope envelope) {
      throw new IllegalStateException("no link is cut here");
    }
  }

  /** What became of its reads so far; the test may clear it. */
  List<ReadOutcome> reads() {
    return reads;
  }

  static NodeId id(int number) {
    return new NodeId(number);
  }

  static LogPosition at(long index, long term) {
    return new LogPosition(index, term);
  }

  static Standing standing(int id) {
    return new Standing(new Incarnation(0, id), false);
  }

  /** The entry that every test has at that place: the first names the cluster. */
  LogEntry entry(long index, long term) {
    if (index > 1) {
      return TestFormat.command(index, term, index + "." + term);
    }
    List<Settings.Member> members = new ArrayList<>();
    for (NodeId member : cluster.ids()) {
      members.add(new Settings.Member(member, standing(member.value()).incarnation()));
    }
    Settings settings = new Settings(new ClusterId(1, 1), members, Bytes.EMPTY);
    return new TestFormat().encode(at(1, term), EntryKind.SETTINGS, settings.encode());
  }

  RaftNode core() {
    return node.core();
  }

  NodeView view() {
    return node.core().view();
  }

  NodeView.RoleName role() {
    return view().role();
  }

  List<String> applied() {
    return node.applied;
  }

  /** The terms of the entries in the log, from index 1. */
  List<Long> logTerms() {
    List<Long> terms = new ArrayList<>();
    RaftLog log = node.core().log();
    for (long index = log.firstIndex(); index <= log.lastIndex(); index++) {
      terms.add(log.termAt(index));
    }
    return terms;
  }

  void slowDisk() {
    node.slowDisk(true);
  }

  void diskDone() {
    while (node.disk().hasQueued()) {
      cluster.persistOne(node);
    }
  }

  void restart() {
    cluster.crash(node);
    cluster.start(node);
  }

  void hear(int from, long term, RaftMessage message) {
    cluster.deliver(new Envelope(id(from), node.id, term, message));
  }

  /** An append of these terms behind a place, in round 1. */
  void hearAppend(int from, long term, LogPosition prev, long leaderCommit, long... terms) {
    hearAppend(from, term, prev, leaderCommit, 1, terms);
  }

  private void hearAppend(
      int from, long term, LogPosition prev, long leaderCommit, long round, long... terms) {
    List<LogEntry> entries = new ArrayList<>();
    for (int i = 0; i < terms.length; i++) {
      entries.add(entry(prev.index() + 1 + i, terms[i]));
    }
    hear(from, term, new RaftMessage.AppendEntries(prev, entries, leaderCommit, round, 0, false));
  }

  /** Nothing new behind a place, from node 2 in term 1. */
  void hearHeartbeat(LogPosition prev, long round) {
    hearAppend(2, FIRST_TERM, prev, 1, round, new long[0]);
  }

  /** An append of one entry in that round, in term 1 from node 2, for whose answer nobody waits. */
  void hearPatientAppend(long index, long round) {
    List<LogEntry> entries = List.of(entry(index, FIRST_TERM));
    LogPosition prev = at(index - 1, FIRST_TERM);
    hear(2, FIRST_TERM, new RaftMessage.AppendEntries(prev, entries, 1, round, 0, true));
  }

  void hearAck(int from, long matchIndex, long round) {
    hear(
        from,
        core().term(),
        new RaftMessage.AppendEntriesReply(matchIndex, round, null, standing(from), Abilities.ALL));
  }

  void propose(String command) {
    cluster.turn(node, core -> core.propose(TestFormat.bytes(command)));
  }

  /** All that this does is one turn. */
  void turn(Consumer<RaftNode> inputs) {
    cluster.turn(node, inputs);
  }

  void read(int readId) {
    cluster.read(node, List.of(readId));
  }

  void transferTo(int target) {
    cluster.turn(node, core -> core.transferLeadership(id(target)));
  }

  /** Its next timer runs out. */
  void expire() {
    cluster.advance(node, node.core().nextDeadlineNanos());
  }

  void pass(long millis) {
    cluster.advance(node, node.clockNanos() + millis * 1_000_000);
  }

  /** Times out, and gets all pre-votes: a candidate of the next term. */
  void campaign() {
    while (role() != NodeView.RoleName.PRE_CANDIDATE) {
      expire();
    }
    long term = core().term();
    for (NodeId peer : core().peers()) {
      if (role() == NodeView.RoleName.PRE_CANDIDATE) {
        RaftMessage yes =
            new RaftMessage.PreVoteReply(term + 1, true, null, standing(peer.value()));
        hear(peer.value(), term, yes);
      }
    }
  }

  /** Campaigns, and gets all votes. */
  void lead() {
    campaign();
    for (NodeId peer : core().peers()) {
      hearVote(peer.value());
    }
    said();
  }

  void hearVote(int from) {
    hear(from, core().term(), new RaftMessage.RequestVoteReply(true, standing(from)));
  }

  /** All that it has said since the last call. */
  List<Envelope> said() {
    return cluster.network.take(envelope -> true);
  }

  /** What of that kind it has said to that node; everything else is forgotten. */
  <M extends RaftMessage> List<M> said(int to, Class<M> kind) {
    return said().stream()
        .filter(envelope -> envelope.to().value() == to && kind.isInstance(envelope.message()))
        .map(envelope -> kind.cast(envelope.message()))
        .toList();
  }

  /** The last thing of that kind that it has said to that node. */
  <M extends RaftMessage> M last(int to, Class<M> kind) {
    List<M> all = said(to, kind);
    Check.that(!all.isEmpty(), "something of kind " + kind.getSimpleName() + " was said");
    return all.get(all.size() - 1);
  }
}
