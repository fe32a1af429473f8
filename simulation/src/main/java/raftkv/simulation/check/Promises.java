package raftkv.simulation.check;

import java.util.Arrays;
import java.util.List;
import raftkv.raft.DurableState;
import raftkv.raft.Envelope;
import raftkv.raft.HardState;
import raftkv.raft.Incarnation;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.RaftMessage;
import raftkv.raft.SnapshotMeta;
import raftkv.raft.Standing;
import raftkv.raft.Write;

/**
 * Each message is covered by durable bytes of its sender (safety §1), and a restart finds what was
 * promised, and nothing that was never written.
 */
final class Promises {
  private static final String WIRE = "durable before it is said";
  private static final String RESTART = "promised is there after a restart";

  private final Verdicts verdicts;
  private final Logs logs;
  private final Admitting admitting;
  private final long[] runCommit;
  private final Spoken[] spoken;
  private final boolean[] mayBeginAnew;
  private final boolean[] beginsAnew;

  /** The highest term with which an incarnation has spoken. */
  private record Spoken(Incarnation incarnation, long term) {}

  Promises(Verdicts verdicts, Logs logs, Admitting admitting) {
    this.verdicts = verdicts;
    this.logs = logs;
    this.admitting = admitting;
    this.runCommit = new long[logs.nodeCount() + 1];
    this.spoken = new Spoken[logs.nodeCount() + 1];
    this.mayBeginAnew = new boolean[logs.nodeCount() + 1];
    this.beginsAnew = new boolean[logs.nodeCount() + 1];
    Arrays.fill(spoken, new Spoken(Incarnation.NONE, 0));
  }

  // The wire.

  void sent(Envelope envelope) {
    NodeId from = envelope.from();
    LogCopy durable = logs.of(from).durable;
    if (durable.hardState().term() < envelope.term()) {
      throw verdicts.violated(
          WIRE, envelope + ": durable is term " + durable.hardState().term() + " only");
    }
    checkTermsRise(envelope, durable.hardState().incarnation());
    RaftMessage message = envelope.message();
    if (message instanceof RaftMessage.RequestVoteReply reply) {
      checkVote(envelope, reply, durable.hardState());
    } else if (message instanceof RaftMessage.RequestVote request) {
      checkCandidate(envelope, request, durable);
    } else if (message instanceof RaftMessage.AppendEntriesReply reply) {
      checkAck(envelope, reply, durable);
    } else if (message instanceof RaftMessage.AppendEntries append) {
      checkLeader(envelope, append, durable);
    } else if (message instanceof RaftMessage.PreVoteReply reply) {
      checkStanding(envelope, reply.standing(), durable.hardState());
    }
  }

  private void checkTermsRise(Envelope envelope, Incarnation incarnation) {
    int node = envelope.from().value();
    Spoken before = spoken[node];
    if (before.incarnation.equals(incarnation) && before.term > envelope.term()) {
      throw verdicts.violated(WIRE, envelope + ": has already spoken in term " + before.term);
    }
    if (!before.incarnation.equals(incarnation) || before.term != envelope.term()) {
      spoken[node] = new Spoken(incarnation, envelope.term());
    }
  }

  private void checkStanding(Envelope envelope, Standing said, HardState durable) {
    boolean admittedToo = durable.admitted() || !said.admitted();
    if (!durable.incarnation().equals(said.incarnation()) || !admittedToo) {
      throw verdicts.violated(WIRE, envelope + ": durable is " + durable);
    }
    admitting.said(envelope.from(), said);
  }

  private void checkVote(Envelope envelope, RaftMessage.RequestVoteReply reply, HardState durable) {
    checkStanding(envelope, reply.standing(), durable);
    boolean covered = durable.term() > envelope.term() || envelope.to().equals(durable.votedFor());
    if (reply.granted() && !covered) {
      throw verdicts.violated(WIRE, envelope + ": durable is " + durable);
    }
  }

  private void checkCandidate(Envelope envelope, RaftMessage.RequestVote request, LogCopy durable) {
    HardState hardState = durable.hardState();
    boolean own =
        hardState.term() == envelope.term() && envelope.from().equals(hardState.votedFor());
    if (!own || !durable.holds(request.last())) {
      throw verdicts.violated(
          WIRE, envelope + ": durable is " + hardState + " behind " + durable.last());
    }
  }

  private void checkAck(Envelope envelope, RaftMessage.AppendEntriesReply reply, LogCopy durable) {
    checkStanding(envelope, reply.standing(), durable.hardState());
    if (reply.matchIndex() > durable.reach()) {
      throw verdicts.violated(WIRE, envelope + ": durable is the log up to " + durable.last());
    }
    checkSameText(envelope, reply.matchIndex(), durable);
  }

  /**
   * What is acknowledged is what the leader has there, not what stood there before; a leader that
   * was started again may have lost it.
   */
  private void checkSameText(Envelope envelope, long index, LogCopy durable) {
    LogCopy leader = logs.of(envelope.to()).written;
    long wanted = leader.termAt(index);
    boolean known =
        leader.hardState().term() == envelope.term()
            && wanted != LogCopy.NONE
            && index > Math.max(leader.base().index(), leader.snapshot().index())
            && index > Math.max(durable.base().index(), durable.snapshot().index());
    if (known && wanted != durable.termAt(index)) {
      throw verdicts.violated(
          WIRE, envelope + ": the leader has term " + wanted + ", durable is " + durable.last());
    }
  }

  private void checkLeader(Envelope envelope, RaftMessage.AppendEntries append, LogCopy durable) {
    int node = envelope.from().value();
    if (append.leaderCommit() < runCommit[node]) {
      throw verdicts.violated(WIRE, envelope + ": the commit index was " + runCommit[node]);
    }
    runCommit[node] = append.leaderCommit();
    HardState hardState = durable.hardState();
    boolean ownVote =
        hardState.term() > envelope.term() || envelope.from().equals(hardState.votedFor());
    if (!ownVote) {
      throw verdicts.violated(WIRE, envelope + ": durable is " + hardState);
    }
  }

  /** A store says that something is durable. */
  void claimedDurable(NodeId node, String what, boolean clean) {
    if (!clean) {
      throw verdicts.violated(
          WIRE, "node " + node + " takes for durable what was not forced to its disk: " + what);
    }
  }

  /** The log is dropped only where a snapshot on the disk covers it. */
  void compacted(NodeId node, long throughIndex) {
    LogCopy durable = logs.of(node).durable;
    if (throughIndex > Math.max(durable.snapshot().index(), durable.base().index())) {
      throw verdicts.violated(
          WIRE,
          "node "
              + node
              + " drops its log up to "
              + throughIndex
              + " behind "
              + durable.snapshot());
    }
  }

  // Restarts.

  void damaged(NodeId node) {
    mayBeginAnew[node.value()] = true;
  }

  void healed(NodeId node, boolean asPromised) {
    if (!mayBeginAnew[node.value()]) {
      throw verdicts.violated(RESTART, "node " + node + " takes its intact log for damaged");
    }
    beginsAnew[node.value()] = !asPromised;
  }

  void started(NodeId node, DurableState found) {
    runCommit[node.value()] = 0;
    Logs.NodeLog log = logs.of(node);
    if (beginsAnew[node.value()] && found.hardState().incarnation().isNone()) {
      beginsAnew[node.value()] = false;
      begin(node, found);
      return;
    }
    checkHardState(node, log, found.hardState());
    LogPosition base = found.base();
    long covered = snapshotEnd(found).index();
    if (covered < log.durable.snapshot().index() && !mayBeginAnew[node.value()]) {
      throw verdicts.violated(RESTART, "node " + node + " lost its snapshot");
    }
    LogPosition from = covered > base.index() ? snapshotEnd(found) : base;
    checkNothingLost(node, log, base, from, found.entries());
    checkNothingInvented(node, log, found);
    log.adopt(found);
  }

  /** What it had promised is forgotten, and so is who it was. */
  private void begin(NodeId node, DurableState found) {
    for (LogEntry entry : found.entries()) {
      if (!logs.isWritten(entry)) {
        throw verdicts.violated(RESTART, "node " + node + " found " + entry + ", never written");
      }
    }
    logs.wiped(node);
    logs.of(node).adopt(found);
  }

  private void checkHardState(NodeId node, Logs.NodeLog log, HardState found) {
    boolean known = found.equals(log.durable.hardState());
    for (Write write : log.pending) {
      known |= found.equals(write.hardState());
    }
    if (!known) {
      throw verdicts.violated(
          RESTART,
          "node " + node + " starts with " + found + ", promised was " + log.durable.hardState());
    }
  }

  private static LogPosition snapshotEnd(DurableState found) {
    SnapshotMeta snapshot = found.snapshot();
    return snapshot == null ? LogPosition.ZERO : snapshot.lastIncluded();
  }

  private void checkNothingLost(
      NodeId node,
      Logs.NodeLog log,
      LogPosition base,
      LogPosition covered,
      List<LogEntry> entries) {
    long safeBelow = log.durable.lastIndex() + 1;
    for (Write write : log.pending) {
      boolean changes = write.cutAt() > 0 || write.reset() != null;
      safeBelow = changes ? Math.min(safeBelow, Math.max(write.cutAt(), 1)) : safeBelow;
    }
    long from = Math.max(covered.index(), log.durable.base().index()) + 1;
    for (long index = from; index < safeBelow; index++) {
      long place = index - base.index() - 1;
      long term = place < entries.size() ? entries.get((int) place).term() : LogCopy.NONE;
      if (term != log.durable.termAt(index)) {
        throw verdicts.violated(
            RESTART,
            "node " + node + " lost " + index + "@" + log.durable.termAt(index) + " of its log");
      }
    }
  }

  /** A healed log may begin behind a snapshot that a killed process had no time to report. */
  private void checkNothingInvented(NodeId node, Logs.NodeLog log, DurableState found) {
    LogPosition base = found.base();
    for (LogEntry entry : found.entries()) {
      boolean held = log.durable.termAt(entry.index()) == entry.term();
      boolean sameText = logs.isWritten(entry);
      if (!sameText || (!held && !isPending(log, entry))) {
        throw verdicts.violated(RESTART, "node " + node + " found " + entry + ", never written");
      }
    }
    boolean ofSnapshot = base.equals(snapshotEnd(found));
    if (base.index() > 0 && !ofSnapshot && !log.written.holds(base)) {
      throw verdicts.violated(RESTART, "node " + node + " begins behind " + base);
    }
  }

  private static boolean isPending(Logs.NodeLog log, LogEntry entry) {
    for (Write write : log.pending) {
      for (LogEntry written : write.entries()) {
        if (written.index() == entry.index() && written.term() == entry.term()) {
          return true;
        }
      }
    }
    return false;
  }
}
