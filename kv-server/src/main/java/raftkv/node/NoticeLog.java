package raftkv.node;

import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import raftkv.port.StateMachine;
import raftkv.port.Transport;
import raftkv.raft.NodeId;
import raftkv.raft.Notice;

/** Tells the story of one node to whoever reads its log. Owned by the loop. */
final class NoticeLog {
  private static final Logger LOG = LogManager.getLogger("raftkv.node");
  private static final long REPEAT_NANOS = 5_000_000_000L;

  private final Situation situation;
  private final Transport transport;
  private final StateMachine machine;
  private long startedNanos;
  private @Nullable NodeId lastLeader;
  private long replayedNanos = -1;
  private boolean ready;
  private long quietUntilNanos = Long.MIN_VALUE;

  /** Until then it was said that no leader can be elected, and why (safety rule 5.6). */
  private long hopelessUntilNanos = Long.MIN_VALUE;

  NoticeLog(Situation situation, NodePorts ports) {
    this.situation = situation;
    this.transport = ports.transport();
    this.machine = ports.machine();
  }

  /** Begins to say now and then what the node waits for. */
  void start() {
    startedNanos = situation.now();
    situation.deadlines.at(situation.now() + REPEAT_NANOS, this::onRepeat);
  }

  void write(Notice notice) {
    if (notice instanceof Notice.WaitingForMembers waiting) {
      boolean first = situation.missing().isEmpty() && !waiting.missing().isEmpty();
      situation.missing(waiting.missing());
      if (first) {
        sayWhatIsMissing();
      }
      return;
    }
    String words = NoticeWords.of(notice, lastLeader);
    if (words != null && !isRepetition(notice)) {
      Level level = notice instanceof Notice.MajorityLost ? Level.WARN : Level.INFO;
      LOG.log(level, "{} node={} term={}", words, situation.self(), situation.raft.term());
    } else if (LOG.isDebugEnabled()) {
      LOG.debug("{} node={} term={}", notice, situation.self(), situation.raft.term());
    }
  }

  /** Without a leader each timeout is one more of the same (hazard 112). */
  private boolean isRepetition(Notice notice) {
    if (notice instanceof Notice.MajorityLost) {
      boolean again = situation.now() < hopelessUntilNanos;
      hopelessUntilNanos = again ? hopelessUntilNanos : situation.now() + REPEAT_NANOS;
      return again;
    }
    boolean oneMore = notice instanceof Notice.ElectionTimeout timeout && timeout.leader() == null;
    boolean repeats = oneMore && situation.now() < quietUntilNanos;
    if (oneMore && !repeats) {
      quietUntilNanos = situation.now() + REPEAT_NANOS;
    }
    return repeats;
  }

  /** Looks at what has changed; once a turn. */
  void watch() {
    NodeId leader = situation.raft.leader();
    if (leader != null) {
      lastLeader = leader;
      quietUntilNanos = Long.MIN_VALUE;
      situation.missing(List.of());
    }
    if (replayedNanos < 0 && machine.appliedIndex() >= situation.replayTarget()) {
      replayedNanos = situation.now() - startedNanos;
    }
    if (!ready && replayedNanos >= 0 && leader != null) {
      sayReady(leader);
    }
  }

  private void sayReady(NodeId leader) {
    boolean caughtUp = machine.appliedIndex() >= situation.raft.commitIndex();
    if (!caughtUp || situation.raft.commitIndex() == 0) {
      return;
    }
    ready = true;
    LOG.info(
        "ready: leader {}, term {}, {}, replayed {} entries in {} node={}",
        leader,
        situation.raft.term(),
        machine.summary(),
        Words.count(situation.replayTarget()),
        Words.seconds(replayedNanos),
        situation.self());
  }

  private void onRepeat() {
    situation.deadlines.at(situation.now() + REPEAT_NANOS, this::onRepeat);
    sayWhatIsMissing();
  }

  private void sayWhatIsMissing() {
    if (situation.raft.leader() != null || situation.now() < hopelessUntilNanos) {
      return;
    }
    List<NodeId> missing = situation.missing();
    boolean forms = !missing.isEmpty();
    List<NodeId> named = forms ? missing : situation.peers();
    LOG.info(
        "waiting for members {} ({}): {} node={} term={}",
        Words.list(named),
        linkStates(named),
        forms ? "a new cluster forms when all its members are up" : "no leader can be elected",
        situation.self(),
        situation.raft.term());
  }

  private String linkStates(List<NodeId> nodes) {
    StringBuilder text = new StringBuilder();
    for (NodeId node : nodes) {
      text.append(text.isEmpty() ? "" : ", ").append(transport.linkState(node));
    }
    return text.toString();
  }
}
