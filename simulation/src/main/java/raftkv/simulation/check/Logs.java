package raftkv.simulation.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;
import raftkv.raft.DurableState;
import raftkv.raft.Incarnation;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.RaftMessage;
import raftkv.raft.SnapshotMeta;
import raftkv.raft.Write;

/**
 * What each node has written, and what of it is durable. Log Matching: one index and term, one
 * text, and one term in front of it, on all nodes.
 */
final class Logs {
  private static final String CHECKER = "log matching";

  /** One node's. */
  static final class NodeLog {
    LogCopy written = new LogCopy();
    LogCopy durable = new LogCopy();
    final ArrayDeque<Write> pending = new ArrayDeque<>();

    /** Whom the log names, as it was written last. */
    final Names names = new Names();

    /** What came in appends and is not seen to be written yet. */
    final Set<LogPosition> heard = new HashSet<>();

    /** Logs of volumes that were wiped: what they held was held once. */
    final List<LogCopy> lost = new ArrayList<>();

    /** A run begins with this. */
    void adopt(DurableState found) {
      LogCopy copy = new LogCopy();
      copy.found(found.base(), found.entries(), found.hardState());
      SnapshotMeta snapshot = found.snapshot();
      copy.snapshot(snapshot == null ? LogPosition.ZERO : snapshot.lastIncluded());
      durable = copy;
      written = durable.copy();
      pending.clear();
      heard.clear();
      names.clear();
      names.onSnapshot(copy.snapshot().index(), snapshot == null ? null : snapshot.roster());
      found.entries().forEach(names::onAppend);
    }
  }

  private record Written(long term, long prevTerm, Bytes encoded) {}

  private final Verdicts verdicts;
  private final NodeLog[] nodes;

  /** By index, then one item a term. */
  private final List<List<Written>> texts = new ArrayList<>();

  private long truncations;

  Logs(Verdicts verdicts, int nodeCount) {
    this.verdicts = verdicts;
    this.nodes = new NodeLog[nodeCount + 1];
    Arrays.setAll(nodes, i -> new NodeLog());
  }

  NodeLog of(NodeId node) {
    return nodes[node.value()];
  }

  /** How often written entries were cut off. */
  long truncations() {
    return truncations;
  }

  void appended(NodeId node, Write write) {
    NodeLog log = of(node);
    if (write.cutAt() > 0 && write.cutAt() <= log.written.lastIndex()) {
      truncations++;
    }
    log.written.write(write);
    log.pending.add(write);
    name(log.names, write);
    for (LogEntry entry : write.entries()) {
      checkText(entry, log.written.termAt(entry.index() - 1));
    }
  }

  /** The node takes that append in before it begins to write what it brought. */
  void delivered(NodeId node, RaftMessage.AppendEntries append) {
    Set<LogPosition> heard = of(node).heard;
    heard.removeIf(of(node).written::holds);
    append.entries().forEach(entry -> heard.add(entry.position()));
  }

  private static void name(Names names, Write write) {
    SnapshotMeta reset = write.reset();
    if (reset != null) {
      names.clear();
      names.onSnapshot(reset.lastIncluded().index(), reset.roster());
    } else if (write.cutAt() > 0) {
      names.cutAt(write.cutAt());
    }
    write.entries().forEach(names::onAppend);
  }

  private void checkText(LogEntry entry, long prevTerm) {
    while (texts.size() <= entry.index()) {
      texts.add(new ArrayList<>(1));
    }
    List<Written> texts = this.texts.get((int) entry.index());
    for (Written before : texts) {
      if (before.term == entry.term()) {
        if (!before.encoded.equals(entry.encoded())) {
          throw verdicts.violated(CHECKER, "two texts for " + entry);
        }
        if (before.prevTerm != prevTerm && prevTerm != LogCopy.NONE) {
          throw verdicts.violated(
              CHECKER,
              "in front of " + entry + " stand terms " + before.prevTerm + " and " + prevTerm);
        }
        return;
      }
    }
    texts.add(new Written(entry.term(), prevTerm, entry.encoded()));
  }

  /** The text that was written there first, or null. */
  @Nullable Bytes textOf(LogEntry entry) {
    if (entry.index() < texts.size()) {
      for (Written written : texts.get((int) entry.index())) {
        if (written.term == entry.term()) {
          return written.encoded;
        }
      }
    }
    return null;
  }

  /** Whether it is what was written there first. */
  boolean isWritten(LogEntry entry) {
    Bytes text = textOf(entry);
    return text != null && text.equals(entry.encoded());
  }

  void persisted(NodeId node, long ticket) {
    NodeLog log = of(node);
    while (!log.pending.isEmpty() && log.pending.element().ticket() <= ticket) {
      log.durable.write(log.pending.remove());
    }
  }

  void snapshotDurable(NodeId node, LogPosition end) {
    of(node).durable.snapshot(end);
    of(node).written.snapshot(end);
  }

  void wiped(NodeId node) {
    NodeLog log = of(node);
    log.lost.add(log.durable);
    log.written = new LogCopy();
    log.durable = new LogCopy();
    log.pending.clear();
    log.names.clear();
  }

  /** How many nodes hold that entry durably, or held it on a volume that was wiped. */
  int holders(LogEntry entry) {
    int holders = 0;
    for (int i = 1; i < nodes.length; i++) {
      boolean holds = isNamed(nodes[i].durable) && nodes[i].durable.holds(entry.position());
      for (LogCopy lost : nodes[i].lost) {
        holds |= isNamed(lost) && lost.holds(entry.position());
      }
      holders += holds ? 1 : 0;
    }
    return holders;
  }

  /** Lost text is given only out of a log that holds the anchor (safety rule 6.2). */
  void checkHolds(NodeId node, LogPosition anchor) {
    NodeLog log = of(node);
    boolean holds =
        log.written.holds(anchor) || log.durable.holds(anchor) || log.heard.contains(anchor);
    if (!holds) {
      throw verdicts.violated(
          CHECKER, "node " + node + " gives text out of a log without " + anchor);
    }
  }

  /** How many of those that may count by these names hold that entry durably, or held it once. */
  int countingHolders(Names names, long index, long term) {
    LogPosition position = new LogPosition(index, term);
    int holders = 0;
    for (int i = 1; i < nodes.length; i++) {
      NodeId node = new NodeId(i);
      boolean holds = counts(names, node, nodes[i].durable) && nodes[i].durable.holds(position);
      for (LogCopy lost : nodes[i].lost) {
        holds |= counts(names, node, lost) && lost.holds(position);
      }
      holders += holds ? 1 : 0;
    }
    return holders;
  }

  private static boolean counts(Names names, NodeId node, LogCopy log) {
    return names.mayCount(node, log.hardState().standing());
  }

  private static boolean isNamed(LogCopy log) {
    return !log.hardState().incarnation().equals(Incarnation.NONE);
  }

  int nodeCount() {
    return nodes.length - 1;
  }
}
