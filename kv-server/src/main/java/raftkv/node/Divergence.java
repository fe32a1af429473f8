package raftkv.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import raftkv.port.Fence;
import raftkv.port.StateHash;
import raftkv.raft.NodeId;

/**
 * Compares what replicas say of their state at equal indexes (decisions §4). A replica that a
 * majority contradicts is fenced; if there are only contradictions and no majority, nobody is
 * trusted. No entry means no statement. Owned by the loop.
 */
final class Divergence {
  /** Statements kept of each peer. */
  private static final int KEPT = 16;

  /** What the statements at one index prove. */
  sealed interface Verdict {}

  /** Nothing. */
  record Undecided() implements Verdict {}

  /** A majority, this replica in it, has the same state. These others differ. */
  record Agreed(long index, List<NodeId> others) implements Verdict {}

  /** A majority has another state than this replica. */
  record Minority(Fence fence) implements Verdict {}

  /** Two replicas differ, and no majority says who is right. */
  record Doubtful(Fence fence) implements Verdict {}

  private final int majority;
  private final HashRing own;
  private final SortedMap<NodeId, TreeMap<Long, StateHash>> said = new TreeMap<>();

  /** The lowest index of a statement that this replica has not reached; cheap to look at. */
  private long nextIndex = Long.MAX_VALUE;

  Divergence(List<NodeId> peers, HashRing own) {
    this.majority = (peers.size() + 1) / 2 + 1;
    this.own = own;
    for (NodeId peer : peers) {
      said.put(peer, new TreeMap<>());
    }
  }

  /** A peer's state hash after an index. */
  Verdict onStatement(NodeId peer, long index, StateHash hash, long appliedIndex) {
    TreeMap<Long, StateHash> statements = said.get(peer);
    if (statements == null) {
      return new Undecided();
    }
    statements.put(index, hash);
    if (statements.size() > KEPT) {
      statements.pollFirstEntry();
    }
    if (index > appliedIndex) {
      nextIndex = Math.min(nextIndex, index);
      return new Undecided();
    }
    return judge(index);
  }

  /** Whether a majority, this replica included, has told that hash at that index. */
  boolean isConfirmed(long index, StateHash hash) {
    return 1 + holders(index, hash) >= majority;
  }

  /** Whether somebody has made a statement at that index, just applied, or below. */
  boolean isAwaited(long appliedIndex) {
    return appliedIndex >= nextIndex;
  }

  /** Compares at the awaited indexes that are reached now; the last verdict that decides. */
  Verdict onReached(long appliedIndex) {
    Verdict verdict = new Undecided();
    for (Long index : awaitedThrough(appliedIndex)) {
      Verdict next = judge(index);
      verdict = next instanceof Undecided ? verdict : next;
    }
    return verdict;
  }

  private List<Long> awaitedThrough(long appliedIndex) {
    TreeMap<Long, Boolean> indexes = new TreeMap<>();
    for (TreeMap<Long, StateHash> statements : said.values()) {
      statements.tailMap(nextIndex).keySet().forEach(index -> indexes.put(index, true));
    }
    List<Long> reached = new ArrayList<>(indexes.headMap(appliedIndex, true).keySet());
    Long next = indexes.higherKey(appliedIndex);
    nextIndex = next == null ? Long.MAX_VALUE : next;
    return reached;
  }

  private Verdict judge(long index) {
    StateHash mine = own.at(index);
    if (mine == null) {
      return new Undecided();
    }
    List<NodeId> differing = new ArrayList<>();
    StateHash other = null;
    int agreeing = 1;
    for (Map.Entry<NodeId, TreeMap<Long, StateHash>> peer : said.entrySet()) {
      StateHash theirs = peer.getValue().get(index);
      if (mine.equals(theirs)) {
        agreeing++;
      } else if (theirs != null) {
        differing.add(peer.getKey());
        other = other == null || holders(index, theirs) > holders(index, other) ? theirs : other;
      }
    }
    if (agreeing >= majority) {
      return new Agreed(index, differing);
    }
    return other == null ? new Undecided() : contradicted(index, mine, other);
  }

  private Verdict contradicted(long index, StateHash mine, StateHash other) {
    Fence fence = new Fence(index, mine, other);
    return holders(index, other) >= majority ? new Minority(fence) : new Doubtful(fence);
  }

  private int holders(long index, @Nullable StateHash hash) {
    int holders = 0;
    for (TreeMap<Long, StateHash> statements : said.values()) {
      StateHash theirs = statements.get(index);
      holders += theirs != null && theirs.equals(hash) ? 1 : 0;
    }
    return holders;
  }
}
