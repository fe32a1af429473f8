package raftkv.raft;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Commands that look: what a node is, what its log holds, and what a story expects of both. */
final class ScriptSights {
  private final ScriptSetting setting;
  private final ScriptTrace trace;

  ScriptSights(ScriptSetting setting, ScriptTrace trace) {
    this.setting = setting;
    this.trace = trace;
  }

  void addTo(Map<String, Consumer<ScriptWords>> commands) {
    commands.put("status", words -> setting.each(words, this::status));
    commands.put("show", words -> setting.each(words, this::show));
    commands.put("peers", this::peers);
    commands.put("pending", words -> pending());
    commands.put("expect-leader", this::expectLeader);
    commands.put("expect-no-leader", words -> setting.each(words, this::expectNoLeader));
    commands.put("expect-commit", this::expectCommit);
    commands.put("expect-applied", this::expectApplied);
    commands.put("expect-same-log", this::expectSameLog);
  }

  /** One line: role, log, votes. */
  private void status(TestNode node) {
    if (!node.isUp()) {
      trace.line(node.id + " is down, its disk ends at " + node.disk().last());
      return;
    }
    NodeView view = node.core().view();
    trace.line(
        String.format(
            "%s@%d %s, leader %s, vote %s, last %s, commit %d, durable %d, %s",
            node.label(),
            view.term(),
            view.role().name().toLowerCase(Locale.ROOT).replace('_', '-'),
            Notation.orNone(view.leader()),
            Notation.orNone(view.votedFor()),
            node.core().log().last(),
            view.commitIndex(),
            view.durableIndex(),
            view.counts() ? "counts" : "does not count"));
  }

  private void show(TestNode node) {
    if (!node.isUp()) {
      status(node);
      return;
    }
    RaftLog log = node.core().log();
    String entries =
        LongStream.rangeClosed(log.firstIndex(), log.lastIndex())
            .mapToObj(index -> Notation.entry(log.entry(index)))
            .collect(Collectors.joining(", "));
    boolean keepsMore = !log.snapshot().equals(log.base());
    String base = log.base().isZero() || keepsMore ? "" : "snapshot " + log.base() + ", ";
    base += keepsMore ? "behind " + log.base() + ", snapshot " + log.snapshot() + ", " : "";
    trace.line(node.label() + " log: " + base + entries);
  }

  /** What a leader knows of its followers. */
  private void peers(ScriptWords words) {
    TestNode node = setting.node(words, 0);
    if (node.core().role() instanceof Leader leader) {
      for (Progress progress : leader.followers().all()) {
        trace.line(
            String.format(
                "%s sees %s: %s, match %d, next %d%s",
                node.id,
                progress.peer,
                progress.state().name().toLowerCase(Locale.ROOT),
                progress.matchIndex(),
                progress.nextIndex(),
                standing(leader, progress)));
      }
    }
  }

  private static String standing(Leader leader, Progress progress) {
    if (progress.standing() == null) {
      return ", not heard yet";
    }
    return leader.followers().counts(progress) ? "" : ", does not count";
  }

  private void pending() {
    TestNetwork network = setting.cluster().network;
    for (int i = 0; i < network.size(); i++) {
      trace.line("  on its way: " + Notation.message(network.get(i)));
    }
  }

  private void expectLeader(ScriptWords words) {
    TestNode node = setting.node(words, 0);
    Check.that(node.core().isLeader(), "node " + node.id + " leads");
  }

  private void expectNoLeader(TestNode node) {
    Check.that(!node.isUp() || !node.core().isLeader(), "node " + node.id + " does not lead");
  }

  /** expect-commit INDEX NODES. */
  private void expectCommit(ScriptWords words) {
    for (int id : words.numbers().subList(1, words.plain().size())) {
      long commit = setting.cluster().node(id).core().commitIndex();
      Check.that(commit == words.number(0), "commit of " + id, commit, words.number(0));
    }
  }

  /** expect-applied NODE WORDS: these commands, in this order, and no others in this run. */
  private void expectApplied(ScriptWords words) {
    List<String> applied = setting.node(words, 0).applied;
    List<String> wanted = words.plain().subList(1, words.plain().size());
    Check.that(applied.equals(wanted), words.word(0) + " applied " + applied + ", not " + wanted);
  }

  private void expectSameLog(ScriptWords words) {
    List<String> texts =
        words.numbers().stream().map(id -> text(setting.cluster().node(id))).distinct().toList();
    Check.that(texts.size() == 1, "logs are the same: " + texts);
  }

  private static String text(TestNode node) {
    RaftLog log = node.core().log();
    return LongStream.rangeClosed(log.firstIndex(), log.lastIndex())
        .mapToObj(index -> Notation.entry(log.entry(index)))
        .collect(Collectors.joining(", "));
  }
}
