package raftkv.simulation.check;

import java.util.List;
import raftkv.port.Fence;
import raftkv.port.LogPage;
import raftkv.port.LogQuestion;
import raftkv.port.PeerMessage;
import raftkv.port.SnapshotFile;
import raftkv.port.StateHash;
import raftkv.raft.Bytes;
import raftkv.raft.DurableState;
import raftkv.raft.Envelope;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.RaftMessage;
import raftkv.raft.SnapshotMeta;
import raftkv.raft.Write;
import raftkv.simulation.net.SimNetwork;
import raftkv.simulation.node.Watch;
import raftkv.simulation.time.Timeline;
import raftkv.simulation.trace.Happening;
import raftkv.simulation.trace.Trace;

/** Shows everything that passes to all checkers and to the trace. */
public final class ClusterChecker implements Watch, SimNetwork.Tap {
  private final Timeline timeline;
  private final Trace trace;
  private final Tally tally;
  private final Logs logs;
  private final Promises promises;
  private final Committed committed;
  private final Elections elections;
  private final ExactlyOnce exactlyOnce;
  private final Ballots ballots;
  private final Commits commits;
  private final ReadRounds readRounds;
  private final Deposition deposition;
  private final Admitting admitting;

  /** By node: whether the run of its process has begun, with what it found on its disk. */
  private final boolean[] running;

  /** Checkers for nodes 1 to {@code nodes}. */
  public ClusterChecker(Timeline timeline, Trace trace, Tally tally, Verdicts verdicts, int nodes) {
    this.timeline = timeline;
    this.trace = trace;
    this.tally = tally;
    this.logs = new Logs(verdicts, nodes);
    this.commits = new Commits(verdicts, logs);
    this.admitting = new Admitting(verdicts, logs, commits);
    this.promises = new Promises(verdicts, logs, admitting);
    this.exactlyOnce = new ExactlyOnce(verdicts, tally);
    this.committed = new Committed(verdicts, logs, exactlyOnce);
    this.elections = new Elections(verdicts, logs, committed);
    this.ballots = new Ballots(verdicts, logs);
    this.readRounds = new ReadRounds(verdicts, logs, committed);
    this.deposition = new Deposition(verdicts, logs);
    this.running = new boolean[nodes + 1];
  }

  /** What was applied. */
  public Committed committed() {
    return committed;
  }

  /** Bits of the node's log were turned over: it may begin anew, if it says so. */
  public void damaged(NodeId node) {
    promises.damaged(node);
  }

  /** Number of the node that began to lead last, 0 if none has yet. */
  public int leader() {
    return elections.lastLeader();
  }

  /**
   * Whether the node runs with a durable standing that counts, as far as the committed log says.
   */
  public boolean counts(NodeId node) {
    return running[node.value()]
        && committed.counts(node, logs.of(node).durable.hardState().standing());
  }

  /** Whether all these nodes have applied at least so much. */
  public boolean haveApplied(List<NodeId> nodes, long index) {
    long[] applied = committed.appliedIndexes();
    for (NodeId node : nodes) {
      if (applied[node.value()] < index) {
        return false;
      }
    }
    return true;
  }

  /** Where a request took effect; 0 if it did not, so far. */
  public long effectOf(Bytes clientId, long seqNum) {
    return exactlyOnce.indexOf(clientId, seqNum);
  }

  /** Puts what the checkers counted into the tally; once, at the end. */
  public void report() {
    tally.count(Tally.Kind.LEADER_CHANGE, elections.leaderChanges());
    tally.count(Tally.Kind.ADMITTED, committed.admissions());
    tally.count(Tally.Kind.TRUNCATION, logs.truncations());
  }

  @Override
  public void started(NodeId node, DurableState found) {
    trace.add(
        Happening.STARTED,
        node.value(),
        found.hardState().term(),
        found.entries().size(),
        found.commitIndex());
    running[node.value()] = true;
    promises.started(node, found);
    SnapshotMeta snapshot = found.snapshot();
    if (snapshot != null) {
      committed.checkSnapshot(node, snapshot.lastIncluded());
    }
    long restored = snapshot == null ? 0 : snapshot.lastIncluded().index();
    committed.started(node, restored, Math.max(restored, found.commitIndex()));
  }

  @Override
  public void ended(NodeId node) {
    running[node.value()] = false;
  }

  @Override
  public void wiped(NodeId node) {
    trace.add(Happening.WIPED, node.value(), 0, 0, 0);
    logs.wiped(node);
  }

  @Override
  public void healed(NodeId node, boolean asPromised) {
    trace.add(Happening.HEALED_LOG, node.value(), asPromised ? 1 : 0, 0, 0);
    tally.count(asPromised ? Tally.Kind.LOG_HEALED : Tally.Kind.BEGUN_ANEW);
    promises.healed(node, asPromised);
  }

  @Override
  public void appended(NodeId node, Write write) {
    elections.appended(node, write);
    ballots.appended(node, write);
    admitting.appended(node, write);
    logs.appended(node, write);
    trace.add(
        Happening.APPENDED,
        node.value(),
        write.ticket(),
        write.cutAt(),
        logs.of(node).written.lastIndex());
  }

  @Override
  public void claimedDurable(NodeId node, boolean clean) {
    promises.claimedDurable(node, "log", clean);
  }

  @Override
  public void persisted(NodeId node, long ticket) {
    logs.persisted(node, ticket);
    trace.add(Happening.PERSISTED, node.value(), ticket, 0, 0);
  }

  @Override
  public void snapshotDurable(NodeId node, SnapshotFile file, boolean received, boolean clean) {
    LogPosition end = file.meta().lastIncluded();
    promises.claimedDurable(node, "snapshot " + end, clean);
    trace.add(Happening.SNAPSHOT, node.value(), end.index(), end.term(), received ? 1 : 0);
    tally.count(received ? Tally.Kind.SNAPSHOT_RECEIVED : Tally.Kind.SNAPSHOT_TAKEN);
    logs.snapshotDurable(node, end);
  }

  @Override
  public void compacted(NodeId node, long throughIndex) {
    promises.compacted(node, throughIndex);
  }

  @Override
  public void fenced(NodeId node, Fence fence) {
    throw committed.fenced(node, fence);
  }

  @Override
  public void restored(NodeId node, long index, StateHash hash) {
    trace.add(Happening.RESTORED, node.value(), index, 0, 0);
    tally.count(Tally.Kind.SNAPSHOT_INSTALLED);
    committed.restored(node, index, hash);
  }

  @Override
  public void applied(NodeId node, LogEntry entry, Bytes answer, StateHash hash) {
    trace.add(Happening.APPLIED, node.value(), entry.index(), entry.term(), hash.low());
    commits.applied(entry.index());
    committed.applied(node, entry, answer, hash, timeline.nowNanos());
  }

  @Override
  public void sent(NodeId from, NodeId to, PeerMessage message) {
    if (message instanceof PeerMessage.Core core) {
      Envelope envelope = core.envelope();
      traceMessage(envelope);
      commits.sent(envelope);
      promises.sent(envelope);
      elections.sent(envelope);
      ballots.sent(envelope);
      readRounds.sent(envelope);
      deposition.sent(envelope, timeline.nowNanos());
    } else if (message instanceof PeerMessage.Digest digest) {
      trace.add(Happening.DIGEST, from.value(), 0, to.value(), digest.index());
    }
  }

  @Override
  public void told(NodeId from, NodeId to, LogQuestion question, LogPage page) {
    if (page instanceof LogPage.Text) {
      logs.checkHolds(from, question.anchor());
    }
  }

  private void traceMessage(Envelope envelope) {
    RaftMessage message = envelope.message();
    if (message instanceof RaftMessage.AppendEntries append) {
      traced(Happening.APPEND, envelope, append.prev().index());
    } else if (message instanceof RaftMessage.AppendEntriesReply reply) {
      traced(Happening.APPEND_REPLY, envelope, reply.matchIndex());
    } else if (message instanceof RaftMessage.PreVote question) {
      traced(Happening.PRE_VOTE, envelope, question.prospectiveTerm());
    } else if (message instanceof RaftMessage.PreVoteReply reply) {
      tally.count(Tally.Kind.PRE_VOTE_REFUSED, reply.granted() ? 0 : 1);
      traced(Happening.PRE_VOTE_REPLY, envelope, reply.granted() ? 1 : 0);
    } else if (message instanceof RaftMessage.RequestVote request) {
      traced(Happening.REQUEST_VOTE, envelope, request.last().index());
    } else if (message instanceof RaftMessage.RequestVoteReply reply) {
      tally.count(Tally.Kind.VOTE_REFUSED, reply.granted() ? 0 : 1);
      traced(Happening.REQUEST_VOTE_REPLY, envelope, reply.granted() ? 1 : 0);
    } else {
      boolean transfer = message instanceof RaftMessage.TimeoutNow;
      tally.count(Tally.Kind.TRANSFER_SENT, transfer ? 1 : 0);
      traced(Happening.OTHER_MESSAGE, envelope, transfer ? 1 : 2);
    }
  }

  private void traced(Happening kind, Envelope envelope, long number) {
    trace.add(kind, envelope.from().value(), envelope.term(), envelope.to().value(), number);
  }

  @Override
  public void delivered(NodeId from, NodeId to, PeerMessage message) {
    trace.add(Happening.DELIVERED, to.value(), from.value(), 0, 0);
    if (message instanceof PeerMessage.Core core) {
      if (core.envelope().message() instanceof RaftMessage.AppendEntries append) {
        logs.delivered(to, append);
      }
      ballots.delivered(core.envelope());
      readRounds.delivered(core.envelope());
      deposition.delivered(core.envelope(), timeline.nowNanos());
    }
  }

  @Override
  public void linkChanged(NodeId from, NodeId to, boolean established) {
    trace.add(
        established ? Happening.LINK_UP : Happening.LINK_DOWN, from.value(), to.value(), 0, 0);
  }
}
