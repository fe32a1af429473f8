package raftkv.raft;

import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Commands that are inputs of the nodes: time, requests, disk completions, hints. */
final class ScriptInputs {
  private static final long MILLISECOND = 1_000_000;
  private static final int MAX_EXPIRIES = 40;

  private final ScriptSetting setting;
  private final ScriptTrace trace;

  ScriptInputs(ScriptSetting setting, ScriptTrace trace) {
    this.setting = setting;
    this.trace = trace;
  }

  void addTo(Map<String, Consumer<ScriptWords>> commands) {
    commands.put("campaign", words -> setting.each(words, this::campaign));
    commands.put("expire", words -> setting.each(words, this::expire));
    commands.put("heartbeat", words -> setting.each(words, this::expire));
    commands.put("pass", this::pass);
    commands.put("propose", this::propose);
    commands.put("read", this::read);
    commands.put("persist", this::persist);
    commands.put("link-lost", this::linkLost);
    commands.put("transfer", this::transfer);
    commands.put("allow", this::allow);
    commands.put("snapshot", this::snapshot);
    commands.put("install", this::install);
    commands.put("restore-fenced", this::restoreFenced);
    commands.put("snapshot-sent", this::snapshotSent);
  }

  private TestCluster cluster() {
    return setting.cluster();
  }

  /** The node's clock runs until its next timer has expired. */
  private void expire(TestNode node) {
    cluster().advance(node, node.core().nextDeadlineNanos());
  }

  /** The node's clock runs until it begins a new pre-vote, or an election at once if alone. */
  private void campaign(TestNode node) {
    for (int i = 0; i < MAX_EXPIRIES; i++) {
      Role before = node.core().role();
      expire(node);
      Role after = node.core().role();
      if (after instanceof Candidate && after != before) {
        return;
      }
    }
    throw new IllegalStateException("node " + node.id + " does not campaign");
  }

  /** pass MS [NODES]: these clocks run on; each timer acts when it expires. */
  private void pass(ScriptWords words) {
    long nanos = words.number(0) * MILLISECOND;
    for (TestNode node : cluster().nodes()) {
      boolean meant =
          words.plain().size() == 1
              || words.numbers().subList(1, words.plain().size()).contains(node.id.value());
      if (meant && node.isUp()) {
        runTo(node, node.clockNanos() + nanos);
      }
    }
  }

  private void runTo(TestNode node, long endNanos) {
    while (node.core().nextDeadlineNanos() <= endNanos) {
      cluster().advance(node, node.core().nextDeadlineNanos());
    }
    node.advanceTo(endNanos);
  }

  /** propose NODE WORDS... [room=reserve]: all in one turn. */
  private void propose(ScriptWords words) {
    TestNode node = setting.node(words, 0);
    Room room = words.option("room", "free").equals("reserve") ? Room.RESERVE : Room.FREE;
    cluster()
        .turn(
            node,
            core -> {
              for (String text : words.plain().subList(1, words.plain().size())) {
                reportProposal(node, text, core.propose(TestFormat.bytes(text), room));
              }
            });
  }

  private void reportProposal(TestNode node, String text, ProposeResult result) {
    if (result instanceof ProposeResult.Accepted accepted) {
      trace.line(node.id + " takes " + text + " as " + accepted.position());
    } else if (result instanceof ProposeResult.NotLeader notLeader) {
      trace.line(node.id + " refuses " + text + ": leader is " + Notation.orNone(notLeader.hint()));
    } else {
      trace.line(node.id + " refuses " + text + ": " + result.getClass().getSimpleName());
    }
  }

  /** read NODE READ_IDS: all in one turn. */
  private void read(ScriptWords words) {
    TestNode node = setting.node(words, 0);
    boolean hopeless = node.core().leader() == null;
    cluster().read(node, words.numbers().subList(1, words.plain().size()));
    if (hopeless) {
      trace.line(node.id + " refuses to read: no leader");
    }
  }

  /** persist NODE [COUNT]: the disk completes its oldest writes, all if no count is given. */
  private void persist(ScriptWords words) {
    TestNode node = setting.node(words, 0);
    int count = words.has(1) ? words.number(1) : Integer.MAX_VALUE;
    for (int i = 0; i < count && node.disk().hasQueued(); i++) {
      trace.line(node.id + " write done");
      cluster().persistOne(node);
    }
  }

  private void linkLost(ScriptWords words) {
    cluster().turn(setting.node(words, 0), core -> core.linkLost(new NodeId(words.number(1))));
  }

  /** transfer NODE [TARGET]. */
  private void transfer(ScriptWords words) {
    TestNode node = setting.node(words, 0);
    NodeId target = words.has(1) ? new NodeId(words.number(1)) : null;
    cluster()
        .turn(
            node,
            core -> {
              TransferResult result = core.transferLeadership(target);
              if (!(result instanceof TransferResult.Started)) {
                trace.line(node.id + " cannot hand over: " + result.getClass().getSimpleName());
              }
            });
  }

  /** allow NODE [campaign=no] [lead=no] [append=no]. */
  private void allow(ScriptWords words) {
    Abilities abilities =
        new Abilities(
            words.option("campaign", "yes").equals("yes"),
            words.option("lead", "yes").equals("yes"),
            words.option("append", "yes").equals("yes"));
    cluster().turn(setting.node(words, 0), core -> core.allow(abilities));
  }

  /** snapshot NODE INDEX: its own state there is saved, the log in front of it may go. */
  private void snapshot(ScriptWords words) {
    TestNode node = setting.node(words, 0);
    SnapshotMeta meta = metaOf(node, words.number(1));
    node.disk().saveSnapshot(meta);
    cluster().turn(node, core -> core.snapshotSaved(meta, 0));
  }

  /** install FROM TO INDEX [term=]: a snapshot of FROM's state there arrived at TO. */
  private void install(ScriptWords words) {
    TestNode from = setting.node(words, 0);
    TestNode to = setting.node(words, 1);
    SnapshotMeta meta = metaOf(from, words.number(2));
    long term = words.option("term", from.core().term());
    if (meta.lastIncluded().index() > to.core().commitIndex()) {
      to.disk().saveSnapshot(meta);
    }
    cluster().turn(to, core -> core.snapshotArrived(from.id, term, meta));
  }

  /** restore-fenced FROM TO INDEX: TO does not trust its state, and takes that of FROM there. */
  private void restoreFenced(ScriptWords words) {
    TestNode from = setting.node(words, 0);
    TestNode to = setting.node(words, 1);
    SnapshotMeta meta = metaOf(from, words.number(2));
    if (meta.lastIncluded().index() >= to.core().logBase().index()) {
      to.disk().saveSnapshot(meta);
    }
    cluster()
        .turn(
            to,
            core -> {
              if (!core.restoreFenced(from.id, from.core().term(), meta)) {
                trace.line(to.id + " has no use for a snapshot at " + meta.lastIncluded());
              }
            });
  }

  private SnapshotMeta metaOf(TestNode node, long index) {
    Roster roster = node.core().stable().electorate().rosterAt(index);
    Check.that(roster != null, "a snapshot names the members");
    LogPosition position = new LogPosition(index, node.core().log().termAt(index));
    return new SnapshotMeta(position, Objects.requireNonNull(roster));
  }

  /** snapshot-sent NODE TO ok|failed. */
  private void snapshotSent(ScriptWords words) {
    boolean delivered = words.word(2).equals("ok");
    NodeId to = new NodeId(words.number(1));
    cluster().turn(setting.node(words, 0), core -> core.snapshotSent(to, delivered));
  }
}
