package raftkv.raft;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Messages on their way, in the order of their sending; links that are cut; messages held back. */
final class TestNetwork {
  private final List<Envelope> pending = new ArrayList<>();
  private final Map<String, List<Envelope>> held = new LinkedHashMap<>();
  private final Set<String> cut = new TreeSet<>();

  /** Returns whether the message is on its way: a cut link loses it. */
  boolean send(Envelope envelope) {
    if (cut.contains(link(envelope.from(), envelope.to()))) {
      return false;
    }
    pending.add(envelope);
    return true;
  }

  int size() {
    return pending.size();
  }

  Envelope get(int place) {
    return pending.get(place);
  }

  Envelope take(int place) {
    return pending.remove(place);
  }

  /** Takes all that match, oldest first. */
  List<Envelope> take(Predicate<Envelope> wanted) {
    List<Envelope> taken = pending.stream().filter(wanted).toList();
    pending.removeAll(taken);
    return taken;
  }

  /** Takes one that is equal to that. */
  void takeOne(Envelope envelope) {
    pending.remove(envelope);
  }

  /** All from that place on is lost. */
  void forgetFrom(int place) {
    pending.subList(place, pending.size()).clear();
  }

  void putBack(List<Envelope> envelopes) {
    pending.addAll(envelopes);
  }

  void hold(String name, Predicate<Envelope> wanted) {
    held.computeIfAbsent(name, n -> new ArrayList<>()).addAll(take(wanted));
  }

  /** Held messages of that name, to be delivered now; they stay held and can come again. */
  List<Envelope> held(String name) {
    return held.getOrDefault(name, List.of());
  }

  void cut(NodeId from, NodeId to) {
    cut.add(link(from, to));
  }

  void heal() {
    cut.clear();
  }

  /** A run has ended: what was sent to it reaches no other run (safety rule 1.4). */
  void endRun(NodeId node) {
    pending.removeIf(envelope -> envelope.to().equals(node));
    held.values().forEach(some -> some.removeIf(envelope -> envelope.to().equals(node)));
  }

  private static String link(NodeId from, NodeId to) {
    return from + ">" + to;
  }
}
