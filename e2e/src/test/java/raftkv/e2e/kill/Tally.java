package raftkv.e2e.kill;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import raftkv.client.session.RequestId;

/** For each key, how many changes it must have seen. Thread-safe while it is written. */
final class Tally {
  private final Map<String, LongAdder> acknowledged = new ConcurrentHashMap<>();
  private final Map<String, Queue<RequestId>> open = new ConcurrentHashMap<>();
  private final Queue<Long> ackNanos = new ConcurrentLinkedQueue<>();
  private final LongAdder acks = new LongAdder();
  private final LongAdder told = new LongAdder();

  /** A change was acknowledged just now. */
  void changed(String key, long nowNanos) {
    acknowledged.computeIfAbsent(key, unseen -> new LongAdder()).increment();
    answered(nowNanos);
  }

  /** A write was answered definitely, without a change: its condition did not hold. */
  void answered(long nowNanos) {
    ackNanos.add(nowNanos);
    acks.increment();
  }

  /** Nobody knows whether that write took effect. */
  void unknown(String key, RequestId id) {
    open.computeIfAbsent(key, unseen -> new ConcurrentLinkedQueue<>()).add(id);
  }

  /** The cluster told what became of a write that had no answer. */
  void told() {
    told.increment();
  }

  long resolved() {
    return told.sum();
  }

  long acks() {
    return acks.sum();
  }

  long changesOf(String key) {
    LongAdder adder = acknowledged.get(key);
    return adder == null ? 0 : adder.sum();
  }

  List<RequestId> openOf(String key) {
    Queue<RequestId> ids = open.get(key);
    return ids == null ? List.of() : List.copyOf(ids);
  }

  /** When writes were answered, in order of time. */
  long[] ackTimes() {
    return ackNanos.stream().mapToLong(Long::longValue).sorted().toArray();
  }
}
