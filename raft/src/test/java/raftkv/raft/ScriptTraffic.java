package raftkv.raft;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Commands for messages on their way and for links. */
final class ScriptTraffic {
  private static final int MAX_ROUNDS = 200;

  private final ScriptSetting setting;
  private final ScriptTrace trace;

  ScriptTraffic(ScriptSetting setting, ScriptTrace trace) {
    this.setting = setting;
    this.trace = trace;
  }

  void addTo(Map<String, Consumer<ScriptWords>> commands) {
    commands.put("deliver", words -> handOver(network().take(wanted(words))));
    commands.put("settle", this::settle);
    commands.put("beat", this::beat);
    commands.put("drop", words -> network().take(wanted(words)).forEach(this::reportDrop));
    commands.put("duplicate", this::duplicate);
    commands.put("reverse", this::reverse);
    commands.put("hold", words -> network().hold(words.option("as", "held"), wanted(words)));
    commands.put("release", words -> handOver(network().held(words.option("as", "held"))));
    commands.put("cut", this::cut);
    commands.put("isolate", words -> setting.each(words, this::isolate));
    commands.put("heal", words -> network().heal());
  }

  private TestNetwork network() {
    return setting.cluster().network;
  }

  /** [FROM [TO]] [kind=]: from that node, to that node; 0 is any. */
  private static Predicate<Envelope> wanted(ScriptWords words) {
    int from = words.has(0) ? words.number(0) : 0;
    int to = words.has(1) ? words.number(1) : 0;
    String kind = words.option("kind", "");
    return envelope ->
        (from == 0 || envelope.from().value() == from)
            && (to == 0 || envelope.to().value() == to)
            && envelope.message().getClass().getSimpleName().startsWith(kind);
  }

  private void handOver(List<Envelope> envelopes) {
    List.copyOf(envelopes).forEach(setting.cluster()::deliver);
  }

  /** settle [NODES]: delivers everything among these nodes until nothing is on its way there. */
  private void settle(ScriptWords words) {
    Set<Integer> among = new HashSet<>(words.numbers());
    Predicate<Envelope> inside =
        envelope ->
            among.isEmpty()
                || (among.contains(envelope.from().value())
                    && among.contains(envelope.to().value()));
    for (int round = 0; round < MAX_ROUNDS; round++) {
      List<Envelope> some = network().take(inside);
      if (some.isEmpty()) {
        return;
      }
      handOver(some);
    }
    throw new IllegalStateException("still talking after " + MAX_ROUNDS + " rounds");
  }

  /** beat NODE COUNT: so many of its timers expire, and each time all is delivered. */
  private void beat(ScriptWords words) {
    TestNode node = setting.node(words, 0);
    for (int i = 0; i < words.number(1); i++) {
      setting.cluster().advance(node, node.core().nextDeadlineNanos());
      settle(ScriptWords.of("settle"));
    }
  }

  private void reportDrop(Envelope envelope) {
    trace.line("  lost: " + Notation.message(envelope));
  }

  /** Each of these messages is on its way twice. */
  private void duplicate(ScriptWords words) {
    List<Envelope> some = network().take(wanted(words));
    network().putBack(some);
    network().putBack(some);
  }

  /** These messages arrive in the opposite order, behind all others. */
  private void reverse(ScriptWords words) {
    List<Envelope> some = new ArrayList<>(network().take(wanted(words)));
    Collections.reverse(some);
    network().putBack(some);
  }

  /** cut A B [oneway=yes]: what is sent from now on is lost. */
  private void cut(ScriptWords words) {
    NodeId a = new NodeId(words.number(0));
    NodeId b = new NodeId(words.number(1));
    network().cut(a, b);
    if (!words.option("oneway", "no").equals("yes")) {
      network().cut(b, a);
    }
  }

  private void isolate(TestNode node) {
    for (NodeId other : setting.cluster().ids()) {
      network().cut(node.id, other);
      network().cut(other, node.id);
    }
  }
}
