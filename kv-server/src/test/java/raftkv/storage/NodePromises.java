package raftkv.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import raftkv.port.SnapshotFile;
import raftkv.port.StateHash;
import raftkv.raft.ClusterId;
import raftkv.raft.HardState;
import raftkv.raft.Incarnation;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.storage.wal.PromisedStates;
import raftkv.storage.wal.PromisedStates.State;

/**
 * What a node may find at a start, by what its log and its snapshots have promised: the newest
 * snapshot promised or the one under way; behind it, whatever the log may say; and nothing that was
 * never written. While it takes snapshots of its own, one older is kept.
 */
final class NodePromises {
  /**
   * What a start comes to.
   *
   * @param cluster as the identity names it, or null
   * @param hardState as the core has it
   * @param stored all snapshots, newest first
   * @param behind the position that {@code tail} begins behind: the newest snapshot's
   * @param tail the log behind it
   * @param hash of the state with all of the tail applied
   */
  record Found(
      @Nullable ClusterId cluster,
      HardState hardState,
      List<SnapshotFile> stored,
      LogPosition behind,
      List<LogEntry> tail,
      StateHash hash) {
    /** The same but for old snapshots, which may be deleted at any time. */
    boolean isSameAs(Found other) {
      return Objects.equals(cluster, other.cluster)
          && hardState.equals(other.hardState)
          && Objects.equals(newest(stored), newest(other.stored))
          && behind.equals(other.behind)
          && tail.equals(other.tail)
          && hash.equals(other.hash);
    }

    private static @Nullable SnapshotFile newest(List<SnapshotFile> files) {
      return files.isEmpty() ? null : files.get(0);
    }
  }

  final PromisedStates log = new PromisedStates();
  private final NodeText text;
  private final Incarnation incarnation;

  /** Reported as durable and not needless since; newest first. */
  private List<SnapshotFile> promised = List.of();

  /** Once promised; may still be there. */
  private final List<SnapshotFile> old = new ArrayList<>();

  private @Nullable SnapshotFile underWay;
  private boolean fromPeer;
  private @Nullable ClusterId joining;
  private boolean joined;

  /**
   * Nothing yet.
   *
   * @param incarnation the one that a blank node draws
   */
  NodePromises(NodeText text, Incarnation incarnation) {
    this.text = text;
    this.incarnation = incarnation;
  }

  /** The cluster's id is written into the identity. */
  void joining(ClusterId cluster) {
    joining = cluster;
  }

  /** It is reported as durable. */
  void joined() {
    joined = true;
  }

  /** One of its own state is written. */
  void saving(SnapshotFile file) {
    underWay = file;
    fromPeer = false;
  }

  /** One comes from a peer. */
  void receiving(SnapshotFile file) {
    underWay = file;
    fromPeer = true;
  }

  /** What was under way is reported as durable. */
  void snapshotPromised() {
    SnapshotFile file = underWay;
    if (file != null) {
      old.addAll(promised);
      boolean pair = !fromPeer && !promised.isEmpty();
      promised = pair ? List.of(file, promised.get(0)) : List.of(file);
      underWay = null;
    }
  }

  /** What is wrong with finding that now; null if nothing is. */
  @Nullable String objection(Found found) {
    boolean known = Objects.equals(found.cluster, joining);
    if (!known && (joined || found.cluster != null)) {
      return "the identity should name cluster " + joining;
    }
    String wrong = snapshotObjection(found.stored);
    if (wrong != null) {
      return wrong;
    }
    SnapshotFile newest = found.stored.isEmpty() ? null : found.stored.get(0);
    List<String> allowed = new ArrayList<>();
    for (State state : log.allowed()) {
      HardState hardState = hardState(state, newest);
      List<LogEntry> tail = tail(state, newest);
      if (hardState.equals(found.hardState) && tail.equals(found.tail)) {
        return stateObjection(found);
      }
      allowed.add(hardState + " and " + tail);
    }
    return "allowed are " + allowed;
  }

  private @Nullable String stateObjection(Found found) {
    int size = found.tail.size();
    LogPosition last = size == 0 ? found.behind : found.tail.get(size - 1).position();
    boolean right = last.isZero() || text.hashAt(last).equals(found.hash);
    return right ? null : "the state at " + last + " is another than it was";
  }

  private @Nullable String snapshotObjection(List<SnapshotFile> stored) {
    SnapshotFile coming = underWay;
    List<SnapshotFile> needed = promised;
    if (coming != null && stored.contains(coming)) {
      needed = fromPeer || promised.isEmpty() ? List.of(coming) : List.of(coming, promised.get(0));
    }
    if (stored.size() < needed.size() || !stored.subList(0, needed.size()).equals(needed)) {
      return "needed are the snapshots " + needed;
    }
    for (SnapshotFile file : stored) {
      if (!needed.contains(file) && !promised.contains(file) && !old.contains(file)) {
        return "nobody wrote the snapshot " + file;
      }
    }
    return null;
  }

  /** A term that came with a snapshot is adopted, without a vote. */
  private HardState hardState(State state, @Nullable SnapshotFile newest) {
    HardState said = state.hardState();
    Incarnation own = said.incarnation().isNone() ? incarnation : said.incarnation();
    long term = newest == null ? 0 : newest.meta().lastIncluded().term();
    return term > said.term()
        ? new HardState(term, null, own, said.admitted())
        : new HardState(said.term(), said.votedFor(), own, said.admitted());
  }

  /** Safety rule 6.6, once more. */
  private static List<LogEntry> tail(State state, @Nullable SnapshotFile newest) {
    if (newest == null) {
      return state.entries();
    }
    LogPosition last = newest.meta().lastIncluded();
    if (state.base().equals(last)) {
      return state.entries();
    }
    for (int i = 0; i < state.entries().size(); i++) {
      if (state.entries().get(i).position().equals(last)) {
        return state.entries().subList(i + 1, state.entries().size());
      }
    }
    return List.of();
  }
}
