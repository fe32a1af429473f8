package raftkv.simulation.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;
import raftkv.raft.NodeId;
import raftkv.simulation.check.ClusterChecker;
import raftkv.simulation.check.Committed;
import raftkv.simulation.check.Verdicts;
import raftkv.simulation.history.Answer;
import raftkv.simulation.history.Call;
import raftkv.simulation.history.History;
import raftkv.simulation.history.LinearizabilityChecker;
import raftkv.simulation.history.Operation;
import raftkv.simulation.time.Timeline;

/**
 * What all clients were told. Judges what can be judged at once: an answer is in the log where it
 * says, and nobody is told something older than what anybody was told before he asked.
 */
public final class Ledger {
  private static final String REAL_TIME = "real time";
  private static final String STALENESS = "staleness";
  private static final String ANSWERS = "answers are in the log";
  private static final long DRIFT_NANOS = 200 * Timeline.MILLI;
  private static final long MAX_STEPS = 2_000_000;

  private final Timeline timeline;
  private final Verdicts verdicts;
  private final ClusterChecker checker;
  private final History history = new History();
  private final TreeMap<String, String> lastSeen = new TreeMap<>();
  private final TreeMap<String, Stored> lastStored = new TreeMap<>();

  /** What was said never to be applied, by name, or by its bytes if it has none. */
  private final Map<Named, Asked> refusedNames = new LinkedHashMap<>();

  private final Map<Bytes, Asked> refusedCommands = new LinkedHashMap<>();
  private long acknowledgedIndex;
  private long completed;
  private long unknown;

  /** An empty ledger. */
  public Ledger(Timeline timeline, Verdicts verdicts, ClusterChecker checker) {
    this.timeline = timeline;
    this.verdicts = verdicts;
    this.checker = checker;
  }

  /** Operations with a definite answer. */
  public long completed() {
    return completed;
  }

  /** Operations without. */
  public long unknown() {
    return unknown;
  }

  /** The highest index that any client has an answer of. */
  long acknowledgedIndex() {
    return acknowledgedIndex;
  }

  /** The highest index that anybody can know of: no later request may be answered from before. */
  long knownIndex() {
    return Math.max(acknowledgedIndex, checker.committed().lastIndex());
  }

  /** A value that some client stored under the key, and where, or null. */
  @Nullable Stored lastStored(String key) {
    return lastStored.get(key);
  }

  /** A value that the key had not long ago, or null. */
  @Nullable String lastSeen(String key) {
    return lastSeen.get(key);
  }

  /**
   * A write was answered.
   *
   * @param asked what was asked for, and what was known then
   * @param name of the request, or null
   */
  void wrote(Asked asked, Answer answer, long index, @Nullable Named name) {
    if (index <= asked.floor()) {
      throw verdicts.violated(
          REAL_TIME, asked + " took effect at " + index + ", in front of what was known");
    }
    Committed.Item item = checker.committed().at(index);
    if (item == null || (name != null && checker.effectOf(name.clientId, name.seqNum) != index)) {
      throw verdicts.violated(ANSWERS, asked + " was answered as applied at " + index);
    }
    acknowledgedIndex = Math.max(acknowledgedIndex, index);
    String value = asked.call.stores();
    if (answer instanceof Answer.Stored && value != null) {
      lastStored.put(asked.key, new Stored(value, index));
    }
    add(asked, answer);
  }

  /** A linearizable read was answered from a state at that index. */
  void read(Asked asked, @Nullable String value, long index) {
    looked(asked, index);
    add(asked, new Answer.Read(value));
  }

  /** A linearizable look at several keys was answered from a state at that index. */
  void looked(Asked asked, long index) {
    looked(asked, asked.floor(), index);
  }

  /** The same of somebody who looks at no key; {@code known} is what was known when he asked. */
  void looked(Object what, long known, long index) {
    if (index < known) {
      throw verdicts.violated(
          REAL_TIME, what + " was answered from " + index + ", older than " + known + ", known");
    }
    acknowledgedIndex = Math.max(acknowledgedIndex, index);
  }

  /**
   * A stale read was answered from a state at that index: no older than asked for, but for what the
   * clocks drift.
   */
  void peeked(NodeId node, long index, long minIndex, long asOfNanos) {
    if (index < checker.committed().knownAtStart(node)) {
      throw verdicts.violated(
          STALENESS,
          "node "
              + node
              + " showed "
              + index
              + ", and knew "
              + checker.committed().knownAtStart(node)
              + " when it started");
    }
    Committed.Item missed = checker.committed().at(index + 1);
    boolean tooOld = missed != null && missed.sinceNanos() < asOfNanos - DRIFT_NANOS;
    if (index < minIndex || tooOld) {
      throw verdicts.violated(
          STALENESS, "a stale read saw " + index + ", asked for was at least " + minIndex);
    }
  }

  private void add(Asked asked, Answer answer) {
    completed++;
    history.add(
        asked.key,
        new Operation(asked.client, asked.call, answer, asked.sinceNanos, timeline.nowNanos()));
    note(asked.key, asked.call, answer);
  }

  private void note(String key, Call call, Answer answer) {
    if (answer instanceof Answer.Read read) {
      seen(key, read.value());
    } else if (answer instanceof Answer.Refused refused) {
      seen(key, refused.current());
    } else if (call instanceof Call.Put put) {
      seen(key, put.value());
    } else if (call instanceof Call.CompareAndSet swap) {
      seen(key, swap.value());
    } else {
      seen(key, null);
    }
  }

  private void seen(String key, @Nullable String value) {
    if (value == null) {
      lastSeen.remove(key);
    } else {
      lastSeen.put(key, value);
    }
  }

  /** Something was answered that the history of keys has no place for. */
  void done() {
    completed++;
  }

  /** Nobody can say. */
  void unknown(Asked asked) {
    unknown++;
    history.add(asked.key, Operation.unknown(asked.client, asked.call, asked.sinceNanos));
  }

  /** It was said that a write never takes effect: looked up in the end. */
  void refused(Asked asked, @Nullable Named name, Bytes command) {
    if (name != null) {
      refusedNames.put(name, asked);
    } else if (asked.call.stores() != null) {
      refusedCommands.put(command, asked);
    }
  }

  private void checkRefused() {
    refusedNames.forEach(
        (name, asked) -> checkRefused(asked, checker.effectOf(name.clientId, name.seqNum)));
    for (long index = 1; index <= checker.committed().lastIndex(); index++) {
      Committed.Item item = checker.committed().at(index);
      Asked asked = item == null ? null : refusedCommands.get(item.entry().body());
      if (asked != null) {
        checkRefused(asked, index);
      }
    }
  }

  private void checkRefused(Asked asked, long index) {
    if (index != 0) {
      throw verdicts.violated(
          ANSWERS, asked + " was said never to be applied, and was at " + index);
    }
  }

  /** Judges the whole history; once, at the end. */
  public void judge() {
    checkRefused();
    History.Report report = history.check(new LinearizabilityChecker(MAX_STEPS));
    List<String> failures = new ArrayList<>(report.failures());
    if (!failures.isEmpty()) {
      throw verdicts.violated("linearizability", failures.get(0));
    }
  }

  /** A value that was stored at that index. */
  record Stored(String value, long index) {}

  /** A request that was sent, when, and what was known to anybody then. */
  record Asked(int client, String key, Call call, long sinceNanos, long floor) {}

  /** The identity of a request. */
  record Named(Bytes clientId, long seqNum) {
    static Named of(String clientId, long seqNum) {
      return new Named(Wish.bytes(clientId), seqNum);
    }
  }

  /** Keys that were asked for, in order. */
  public List<String> keys() {
    return Arrays.asList(history.keys().toArray(new String[0]));
  }
}
