package raftkv.node;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import raftkv.port.Transport;

/**
 * The writes of this node that are at another one, so many and no more, and those that wait for
 * their turn to go there: first come, first sent. Owned by the loop.
 */
final class ForwardedWrites {
  /** In the order of sending. */
  private final Set<WriteCall> calls = new LinkedHashSet<>();

  private final ArrayDeque<WriteCall> queued = new ArrayDeque<>();
  private long bytes;

  /** Whether there is no room for it, or others came first. */
  boolean mustQueue(WriteCall call) {
    return !queued.isEmpty() || !hasRoomFor(call);
  }

  /** One always has, whatever its size. */
  private boolean hasRoomFor(WriteCall call) {
    return calls.isEmpty()
        || (calls.size() < Transport.MAX_FORWARDS
            && bytes + call.command().length() <= Transport.MAX_FORWARD_BYTES);
  }

  void add(WriteCall call) {
    calls.add(call);
    bytes += call.command().length();
  }

  void remove(WriteCall call) {
    if (calls.remove(call)) {
      bytes -= call.command().length();
    }
  }

  void queue(WriteCall call) {
    queued.add(call);
  }

  /** Takes the next that there is room for now, or null; forgets those that are answered. */
  @Nullable WriteCall nextQueued() {
    while (!queued.isEmpty() && (queued.element().isDone() || hasRoomFor(queued.element()))) {
      WriteCall next = queued.remove();
      if (!next.isDone()) {
        return next;
      }
    }
    return null;
  }

  /** Takes all that wait, in their order. */
  List<WriteCall> takeQueued() {
    List<WriteCall> taken = new ArrayList<>(queued);
    queued.clear();
    return taken;
  }

  /** A copy of those at another node. */
  List<WriteCall> calls() {
    return List.copyOf(calls);
  }

  /** Nothing is at another node, and nothing that waits is still wanted. */
  boolean isIdle() {
    return calls.isEmpty() && queued.stream().allMatch(WriteCall::isDone);
  }
}
