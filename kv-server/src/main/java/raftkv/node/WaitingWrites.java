package raftkv.node;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes that nobody has taken yet: there is nobody, or the leader has no room for more from this
 * node. Those in the queue for that room are sent in the order in which they came.
 */
final class WaitingWrites {
  private final long maxBytes;
  private List<WriteCall> unrouted = new ArrayList<>();
  private final ArrayDeque<WriteCall> queued = new ArrayDeque<>();

  /** Of all of them; what is answered meanwhile counts until it is taken out. */
  private long bytes;

  WaitingWrites(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** One always has room, whatever its size. */
  boolean hasRoomFor(WriteCall call) {
    return bytes == 0 || bytes + call.command().length() <= maxBytes;
  }

  void add(WriteCall call) {
    unrouted.add(call);
    bytes += call.command().length();
  }

  void queue(WriteCall call) {
    queued.add(call);
    bytes += call.command().length();
  }

  boolean hasQueued() {
    return !queued.isEmpty();
  }

  /** The one to be sent next, or null. */
  @Nullable WriteCall firstQueued() {
    while (!queued.isEmpty() && queued.element().isDone()) {
      removeFirstQueued();
    }
    return queued.peek();
  }

  void removeFirstQueued() {
    bytes -= queued.remove().command().length();
  }

  /** Takes all that still wait, the oldest first: what was sent once came before what is queued. */
  List<WriteCall> takeAll() {
    List<WriteCall> taken = new ArrayList<>();
    unrouted.stream().filter(WriteCall::wasForwarded).forEach(taken::add);
    taken.addAll(queued);
    unrouted.stream().filter(call -> !call.wasForwarded()).forEach(taken::add);
    taken.removeIf(WriteCall::isDone);
    unrouted = new ArrayList<>();
    queued.clear();
    bytes = 0;
    return taken;
  }

  /** Nothing that waits is still wanted. */
  boolean isIdle() {
    return unrouted.stream().allMatch(WriteCall::isDone)
        && queued.stream().allMatch(WriteCall::isDone);
  }
}
