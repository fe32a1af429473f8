package raftkv.node;

import java.util.ArrayDeque;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import raftkv.raft.NodeView;

/**
 * Looks in each turn at the age of the oldest unfinished write. A disk that hangs does not stop
 * heartbeats, so it has to end the leadership by itself (hazards 15, 16): if some peer has more on
 * disk than this leader, leadership goes there, and this node does not campaign until a force
 * succeeds. If no peer's disk is better, it is only reported. Owned by the loop.
 */
final class DiskWatch {
  private static final Logger LOG = LogManager.getLogger("raftkv.node");

  private record Unfinished(long ticket, long sinceNanos) {}

  private final Situation situation;
  private final ArrayDeque<Unfinished> unfinished = new ArrayDeque<>();
  private boolean reported;

  DiskWatch(Situation situation) {
    this.situation = situation;
  }

  void written(long ticket) {
    unfinished.add(new Unfinished(ticket, situation.now()));
  }

  void persisted(long ticket) {
    while (!unfinished.isEmpty() && unfinished.getFirst().ticket() <= ticket) {
      unfinished.removeFirst();
    }
  }

  /** Whether the oldest write is too old. */
  boolean isLate() {
    return ageNanos() > situation.config.diskHangNanos();
  }

  private long ageNanos() {
    return unfinished.isEmpty() ? 0 : situation.now() - unfinished.getFirst().sinceNanos();
  }

  /** Draws the consequences; once a turn. */
  void look() {
    if (!isLate()) {
      if (reported) {
        LOG.warn("the disk answers again {}", place());
      }
      reported = false;
      if (situation.isDiskHung()) {
        situation.diskHangs(false);
        situation.updateAbilities();
      }
      return;
    }
    if (!situation.isDiskHung() && isSomebodyBetter()) {
      LOG.warn("disk hangs for {}: not leading until it answers {}", age(), place());
      reported = true;
      situation.diskHangs(true);
      situation.updateAbilities();
      situation.raft.transferLeadership(null);
    } else if (!reported) {
      LOG.warn("disk hangs for {}, and no peer is known to have a better one {}", age(), place());
      reported = true;
    }
  }

  /** A follower cannot know; one whose disk hangs is no good leader in any case. */
  private boolean isSomebodyBetter() {
    NodeView view = situation.raft.view();
    if (view.role() != NodeView.RoleName.LEADER) {
      return true;
    }
    for (NodeView.PeerView peer : view.peers()) {
      if (peer.matchIndex() > view.durableIndex()) {
        return true;
      }
    }
    return false;
  }

  private String age() {
    return Words.millis(ageNanos());
  }

  private String place() {
    return "node=" + situation.self() + " term=" + situation.raft.term();
  }
}
