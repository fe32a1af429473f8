package raftkv.node;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import raftkv.port.InFlight;
import raftkv.raft.Check;
import raftkv.raft.NodeId;

/** The writes of this node that are at another one: so many to each, and no more. */
final class ForwardedWrites {
  /** With where each is, in the order of sending. */
  private final Map<WriteCall, NodeId> targets = new LinkedHashMap<>();

  private final TreeMap<NodeId, InFlight> rooms = new TreeMap<>();

  boolean hasRoomFor(WriteCall call, NodeId target) {
    return room(target).hasRoom(call.command().length());
  }

  void add(WriteCall call, NodeId target) {
    Check.that(room(target).begin(call.command().length()), "a write is sent where there is room");
    targets.put(call, target);
  }

  void remove(WriteCall call) {
    NodeId target = targets.remove(call);
    if (target != null) {
      room(target).end(call.command().length());
    }
  }

  private InFlight room(NodeId target) {
    return rooms.computeIfAbsent(target, any -> InFlight.ofForwards());
  }

  /** A copy of those under way. */
  List<WriteCall> calls() {
    return List.copyOf(targets.keySet());
  }

  boolean isEmpty() {
    return targets.isEmpty();
  }
}
