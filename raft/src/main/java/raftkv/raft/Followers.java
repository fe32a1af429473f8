package raftkv.raft;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A leader's followers, and what a majority of the members has reached. Every figure counts only
 * the answers of members that count, this node's own included (safety rules 2.2, 5.3).
 */
final class Followers {
  /** Contributed by a member that does not count. */
  private static final long NOTHING = Long.MIN_VALUE;

  /** Entries that are sent and acknowledged in less time than it takes to choose another. */
  private static final long UNDER_WAY = 64;

  private interface Figure {
    long of(Progress progress);
  }

  private final RaftNode node;
  private final SortedMap<NodeId, Progress> followers = new TreeMap<>();

  Followers(RaftNode node, long nextIndex) {
    this.node = node;
    for (NodeId peer : node.peers()) {
      followers.put(peer, new Progress(peer, nextIndex));
    }
  }

  @Nullable Progress of(NodeId peer) {
    return followers.get(peer);
  }

  /** In ascending order of their ids. */
  Collection<Progress> all() {
    return followers.values();
  }

  boolean counts(Progress progress) {
    return node.stable().electorate().counts(progress.peer, progress.standing());
  }

  /**
   * Those that may take over, best first: before all that lack more than what is just under way,
   * the next in the ring of members, where clients look for a leader when this one goes.
   */
  List<NodeId> successors(Predicate<Progress> mayTakeOver) {
    RaftConfig config = node.config();
    long highest = 0;
    List<Progress> able = new ArrayList<>();
    for (Progress progress : followers.values()) {
      if (mayTakeOver.test(progress)) {
        able.add(progress);
        highest = Math.max(highest, progress.matchIndex());
      }
    }
    long enough = highest - UNDER_WAY;
    able.sort(
        Comparator.comparing((Progress one) -> one.matchIndex() < enough)
            .thenComparingInt(one -> config.placesBehind(config.self(), one.peer)));
    List<NodeId> successors = new ArrayList<>();
    able.forEach(progress -> successors.add(progress.peer));
    return successors;
  }

  /** Highest index that is durable on a majority: of the leader itself, what its disk holds. */
  long matchedByMajority() {
    return byMajority(node.stable().durableIndex(), Progress::matchIndex);
  }

  /** Newest time at which a majority is known to have followed this leader. */
  long contactByMajority() {
    return byMajority(node.now(), Progress::contactNanos);
  }

  /** Newest round that a majority has echoed. */
  long echoedByMajority() {
    return byMajority(Long.MAX_VALUE, Progress::echoedRound);
  }

  /**
   * Whether a majority could store more: full is a member whose disk is full, or that would be no
   * help because it does not count. Without full disks it is not a matter of room.
   */
  boolean hasRoomOnMajority() {
    int able = node.abilities().mayAppend() ? 1 : 0;
    int full = 1 - able;
    for (Progress progress : followers.values()) {
      boolean hasRoom = progress.abilities().mayAppend();
      full += hasRoom ? 0 : 1;
      able += hasRoom && (progress.standing() == null || counts(progress)) ? 1 : 0;
    }
    return full == 0 || able >= Quorum.majorityOf(node.stable().electorate().members().size());
  }

  private long byMajority(long own, Figure figure) {
    List<NodeId> members = node.stable().electorate().members();
    long[] values = new long[members.size()];
    for (int i = 0; i < values.length; i++) {
      NodeId member = members.get(i);
      Progress progress = followers.get(member);
      if (member.equals(node.self())) {
        values[i] = node.stable().selfCounts() ? own : NOTHING;
      } else {
        values[i] = progress != null && counts(progress) ? figure.of(progress) : NOTHING;
      }
    }
    return Quorum.reachedByMajority(values);
  }
}
