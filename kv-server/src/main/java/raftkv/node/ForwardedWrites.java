package raftkv.node;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import raftkv.port.Transport;
import raftkv.raft.NodeId;

/** The writes of this node that are at another one: so many to each, and no more. */
final class ForwardedWrites {
  private record Load(int count, long bytes) {
    private static final Load NONE = new Load(0, 0);

    Load plus(int writes, long more) {
      return new Load(count + writes, bytes + more);
    }
  }

  /** With where each is, in the order of sending. */
  private final Map<WriteCall, NodeId> targets = new LinkedHashMap<>();

  private final TreeMap<NodeId, Load> loads = new TreeMap<>();

  /** One always has room, whatever its size. */
  boolean hasRoomFor(WriteCall call, NodeId target) {
    Load load = loads.getOrDefault(target, Load.NONE);
    return load.count == 0
        || (load.count < Transport.MAX_FORWARDS
            && load.bytes + call.command().length() <= Transport.MAX_FORWARD_BYTES);
  }

  void add(WriteCall call, NodeId target) {
    targets.put(call, target);
    change(target, 1, call.command().length());
  }

  void remove(WriteCall call) {
    NodeId target = targets.remove(call);
    if (target != null) {
      change(target, -1, -call.command().length());
    }
  }

  private void change(NodeId target, int writes, long bytes) {
    Load before = loads.getOrDefault(target, Load.NONE);
    loads.put(target, before.plus(writes, bytes));
  }

  /** A copy of those under way. */
  List<WriteCall> calls() {
    return List.copyOf(targets.keySet());
  }

  boolean isEmpty() {
    return targets.isEmpty();
  }
}
