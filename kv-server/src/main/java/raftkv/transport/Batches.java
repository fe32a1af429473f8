package raftkv.transport;

import com.google.protobuf.MessageLite;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What waits to be sent, in order, taken out in batches that fit into one message. Not thread-safe.
 */
final class Batches<T extends MessageLite> {
  /** Of one batch, unless its first item alone has more. */
  private static final int MAX_BYTES = 256 << 10;

  private final ArrayDeque<T> items = new ArrayDeque<>();

  boolean isEmpty() {
    return items.isEmpty();
  }

  void add(T item) {
    items.add(item);
  }

  void clear() {
    items.clear();
  }

  /** The next batch; empty if nothing waits. */
  List<T> next() {
    List<T> batch = new ArrayList<>();
    long bytes = 0;
    while (!items.isEmpty()) {
      bytes += items.element().getSerializedSize();
      if (bytes > MAX_BYTES && !batch.isEmpty()) {
        break;
      }
      batch.add(items.remove());
    }
    return batch;
  }
}
