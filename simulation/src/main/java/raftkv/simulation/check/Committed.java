package raftkv.simulation.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.kv.AnswerCodec;
import raftkv.port.Fence;
import raftkv.port.StateHash;
import raftkv.raft.Admission;
import raftkv.raft.Bytes;
import raftkv.raft.EntryKind;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.Roster;
import raftkv.raft.Settings;
import raftkv.raft.Standing;

/**
 * State Machine Safety: at an index all nodes apply the same entry, and have the same state hash
 * and the same answer afterwards. What is applied first is on a majority of disks.
 */
public final class Committed {
  private static final String CHECKER = "state machine safety";

  /** What was applied at an index, by whoever was first. */
  public record Item(LogEntry entry, Bytes answer, StateHash hash, long sinceNanos) {}

  private final Verdicts verdicts;
  private final Logs logs;
  private final ExactlyOnce exactlyOnce;
  private final Reference reference;
  private final List<Item> items = new ArrayList<>();
  private final long[] applied;

  /** By node: what it knew to be committed when it started. */
  private final long[] known;

  private @Nullable Roster roster;
  private long admissions;

  Committed(Verdicts verdicts, Logs logs, ExactlyOnce exactlyOnce) {
    this.verdicts = verdicts;
    this.logs = logs;
    this.exactlyOnce = exactlyOnce;
    this.reference = new Reference(verdicts);
    this.applied = new long[logs.nodeCount() + 1];
    this.known = new long[logs.nodeCount() + 1];
  }

  /** Highest index that any node has applied. */
  public long lastIndex() {
    return items.size();
  }

  /** What was applied there, or null. */
  public @Nullable Item at(long index) {
    return index >= 1 && index <= items.size() ? items.get((int) index - 1) : null;
  }

  /** A snapshot ends with an entry that was applied. */
  void checkSnapshot(NodeId node, LogPosition end) {
    Item item = at(end.index());
    if (item == null || item.entry.term() != end.term()) {
      throw verdicts.violated(
          CHECKER, "node " + node + " has a snapshot of " + end + ", which was never applied");
    }
  }

  void started(NodeId node, long appliedIndex, long knownIndex) {
    applied[node.value()] = appliedIndex;
    known[node.value()] = knownIndex;
  }

  /** What the node knew to be committed when its present run began. */
  public long knownAtStart(NodeId node) {
    return known[node.value()];
  }

  /** The state was replaced; an older one would only heal a fence (safety rule 7.1). */
  void restored(NodeId node, long index, StateHash hash) {
    if (index < applied[node.value()]) {
      throw verdicts.violated(
          CHECKER, "node " + node + " goes back from " + applied[node.value()] + " to " + index);
    }
    applied[node.value()] = index;
    Item item = at(index);
    if (item == null || !item.hash.equals(hash)) {
      throw verdicts.violated(
          CHECKER, "node " + node + " restores another state than was at " + index);
    }
  }

  /** Memory does not lie here: nobody has a reason to think that his state is wrong. */
  Violation fenced(NodeId node, Fence fence) {
    return verdicts.violated(CHECKER, "node " + node + " takes its state for wrong: " + fence);
  }

  void applied(NodeId node, LogEntry entry, Bytes answer, StateHash hash, long nowNanos) {
    if (entry.index() != applied[node.value()] + 1) {
      throw verdicts.violated(
          CHECKER, "node " + node + " applies " + entry + " behind " + applied[node.value()]);
    }
    applied[node.value()]++;
    Item before = at(entry.index());
    if (before == null) {
      checkOnMajority(entry);
      items.add(new Item(entry, answer, hash, nowNanos));
      exactlyOnce.applied(entry, answer);
      if (entry.kind() == EntryKind.COMMAND) {
        reference.applied(entry, AnswerCodec.decode(answer));
      }
      name(entry);
      return;
    }
    boolean same =
        before.entry.term() == entry.term() && before.entry.encoded().equals(entry.encoded());
    if (!same) {
      throw verdicts.violated(
          CHECKER, "node " + node + " applies " + entry + ", before it was " + before.entry);
    }
    if (!before.hash.equals(hash) || !before.answer.equals(answer)) {
      throw verdicts.violated(
          CHECKER, "node " + node + " has another state or answer behind " + entry);
    }
  }

  private void name(LogEntry entry) {
    Roster before = roster;
    if (entry.kind() == EntryKind.SETTINGS && before == null) {
      roster = Roster.of(Settings.decode(entry.body()));
    } else if (entry.kind() == EntryKind.ADMIT && before != null) {
      roster = before.with(Admission.decode(entry.body()));
      admissions++;
    }
  }

  boolean counts(NodeId node, Standing standing) {
    Roster named = roster;
    return named != null && named.counts(node, standing);
  }

  long admissions() {
    return admissions;
  }

  private void checkOnMajority(LogEntry entry) {
    int holders = logs.holders(entry);
    if (holders <= logs.nodeCount() / 2) {
      throw verdicts.violated(
          CHECKER, entry + " is applied, and only " + holders + " nodes hold it durably");
    }
  }

  /** Leader Completeness. */
  void checkHeldBy(NodeId leader, LogCopy log, long term) {
    for (Item item : items) {
      if (item.entry.term() < term && !log.holds(item.entry.position())) {
        throw verdicts.violated(
            "elections", "node " + leader + " leads term " + term + " without " + item.entry);
      }
    }
  }

  /** Applied index of each node, by its number. */
  long[] appliedIndexes() {
    return Arrays.copyOf(applied, applied.length);
  }
}
