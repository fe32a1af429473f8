package raftkv.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Commands that set the scene: the nodes, what is on their disks, starts and ends of their runs.
 */
final class ScriptSetting {
  private final ScriptTrace trace;
  private @Nullable TestCluster cluster;

  ScriptSetting(ScriptTrace trace) {
    this.trace = trace;
  }

  void addTo(Map<String, Consumer<ScriptWords>> commands) {
    commands.put("nodes", this::nodes);
    commands.put("formed", this::formed);
    commands.put("led", this::led);
    commands.put("log", this::log);
    commands.put("start", words -> each(words, node -> cluster().start(node)));
    commands.put("crash", words -> each(words, this::crash));
    commands.put("restart", words -> each(words, this::restart));
    commands.put("wipe", words -> each(words, this::wipe));
    commands.put("remount", this::remount);
    commands.put("disk", this::disk);
  }

  TestCluster cluster() {
    TestCluster made = cluster;
    if (made == null) {
      throw new IllegalStateException("'nodes' or 'formed' comes first");
    }
    return made;
  }

  TestNode node(ScriptWords words, int place) {
    return cluster().node(words.number(place));
  }

  /** Does it for each node that the words name, or for all. */
  void each(ScriptWords words, Consumer<TestNode> action) {
    if (words.has(0)) {
      words.numbers().forEach(id -> action.accept(cluster().node(id)));
    } else {
      cluster().nodes().forEach(action);
    }
  }

  /** nodes COUNT [window= append= uncommitted= retain=]: blank ones, all started. */
  private void nodes(ScriptWords words) {
    cluster = make(words);
    cluster().nodes().forEach(cluster()::start);
  }

  /** formed COUNT [options]: members of a cluster with its first entry committed, not started. */
  private void formed(ScriptWords words) {
    cluster = make(words);
    for (TestNode node : cluster().nodes()) {
      cluster().replaceDisk(node, disk(node.id, List.of(1L), 1, null, 1));
    }
  }

  /** led COUNT LEADER [options]: formed, started, and led by that node in term 2; all is calm. */
  private void led(ScriptWords words) {
    formed(words);
    trace.quiet(true);
    cluster().nodes().forEach(cluster()::start);
    TestNode leader = node(words, 1);
    while (!leader.core().isLeader()) {
      cluster().advance(leader, leader.core().nextDeadlineNanos());
      calm();
    }
    cluster().advance(leader, leader.core().nextDeadlineNanos());
    calm();
    trace.quiet(false);
  }

  private void calm() {
    while (cluster().network.size() > 0) {
      cluster().deliver(cluster().network.take(0));
    }
  }

  private TestCluster make(ScriptWords words) {
    int window = (int) words.option("window", 64);
    int append = (int) words.option("append", 1_000);
    int uncommitted = (int) words.option("uncommitted", 1_000);
    long retain = words.option("retain", 0);
    UnaryOperator<RaftConfig> adjust =
        config ->
            TestConfigs.copy(config, append, window, uncommitted).withRetainedLogBytes(retain);
    return new TestCluster(words.number(0), 1, trace, adjust);
  }

  /** log NODE terms=1,1,4 [term=] [vote=] [commit=]: what is on the disk of a stopped node. */
  private void log(ScriptWords words) {
    TestNode node = node(words, 0);
    List<Long> terms = words.optionNumbers("terms");
    long term = words.option("term", terms.isEmpty() ? 0 : terms.get(terms.size() - 1));
    int vote = (int) words.option("vote", 0);
    NodeId votedFor = vote == 0 ? null : new NodeId(vote);
    cluster().replaceDisk(node, disk(node.id, terms, term, votedFor, words.option("commit", 1)));
  }

  private TestDisk disk(
      NodeId id, List<Long> terms, long term, @Nullable NodeId votedFor, long commit) {
    List<LogEntry> entries = new ArrayList<>();
    for (int i = 0; i < terms.size(); i++) {
      long entryTerm = terms.get(i);
      entries.add(
          i == 0
              ? new TestFormat()
                  .encode(new LogPosition(1, entryTerm), EntryKind.SETTINGS, settings().encode())
              : TestFormat.command(i + 1, entryTerm, (i + 1) + "." + entryTerm));
    }
    HardState hardState = new HardState(term, votedFor, incarnation(id), false);
    return TestDisk.of(hardState, entries, commit);
  }

  private Settings settings() {
    List<Settings.Member> members = new ArrayList<>();
    for (NodeId id : cluster().ids()) {
      members.add(new Settings.Member(id, incarnation(id)));
    }
    return new Settings(new ClusterId(1, 1), members, Bytes.EMPTY);
  }

  private static Incarnation incarnation(NodeId id) {
    return new Incarnation(0, id.value());
  }

  private void crash(TestNode node) {
    trace.line("  " + node.label() + " crashes");
    cluster().crash(node);
  }

  private void restart(TestNode node) {
    if (node.isUp()) {
      crash(node);
    }
    trace.line("  " + node.id + " starts");
    cluster().start(node);
  }

  private void wipe(TestNode node) {
    node.label();
    trace.line("  " + node.id + " stops, and its disk is wiped");
    cluster().wipe(node);
  }

  /** remount NODE [PLACE]: it stops, and a disk that it had before is put back; 0 is the oldest. */
  private void remount(ScriptWords words) {
    TestNode node = node(words, 0);
    node.label();
    trace.line("  " + node.id + " stops, and an older disk is put in place");
    cluster().remount(node, words.has(1) ? words.number(1) : 0);
  }

  /** disk NODE slow|fast: whether it forces only when told to. */
  private void disk(ScriptWords words) {
    boolean slow = words.word(1).equals("slow");
    TestNode node = node(words, 0);
    node.slowDisk(slow);
    while (!slow && node.isUp() && node.disk().hasQueued()) {
      cluster().persistOne(node);
    }
  }
}
