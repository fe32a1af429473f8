package raftkv.e2e.kill;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import raftkv.client.CompareAndSetResult;
import raftkv.client.Condition;
import raftkv.client.FateResult;
import raftkv.client.GetResult;
import raftkv.client.KvClient;
import raftkv.client.KvEntry;
import raftkv.client.KvException;
import raftkv.client.KvValue;
import raftkv.client.ReadMode;
import raftkv.client.WriteOptions;
import raftkv.client.session.Outcome;
import raftkv.client.session.RequestId;
import raftkv.simulation.history.Answer;
import raftkv.simulation.history.Call;
import raftkv.simulation.history.History;
import raftkv.simulation.history.Operation;

/** One client in a closed loop: puts, swaps and reads of random keys, each value written once. */
final class LoadClient implements Runnable {
  /** At most 200 operations a second. */
  private static final long PACE_NANOS = 5_000_000;

  private final int number;
  private final Keys keys;
  private final KvClient anyNode;
  private final List<KvClient> singleNodes;
  private final History history;
  private final Tally tally;
  private final BooleanSupplier stopping;
  private final SplittableRandom random;
  private final Map<String, String> lastSeen = new HashMap<>();
  private long written;

  /**
   * A client.
   *
   * @param anyNode its own, with a session of its own
   * @param singleNodes its own as well; each talks to one node, leader or not
   */
  LoadClient(
      int number,
      Keys keys,
      KvClient anyNode,
      List<KvClient> singleNodes,
      Recording recording,
      BooleanSupplier stopping) {
    this.number = number;
    this.keys = keys;
    this.anyNode = anyNode;
    this.singleNodes = singleNodes;
    this.history = recording.history();
    this.tally = recording.tally();
    this.stopping = stopping;
    this.random = new SplittableRandom(number);
  }

  /** Where clients write down what happened. */
  record Recording(History history, Tally tally) {}

  @Override
  public void run() {
    long next = System.nanoTime();
    while (!stopping.getAsBoolean()) {
      next = Math.max(System.nanoTime(), next + PACE_NANOS);
      while (System.nanoTime() < next) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
      operate(keys.any(random, next));
    }
  }

  private void operate(String key) {
    int dice = random.nextInt(10);
    if (Keys.isCounter(key)) {
      increment(key);
    } else if (dice < 4) {
      put(key);
    } else if (dice < 7) {
      swap(key, lastSeen.get(key), nextValue());
    } else {
      get(key);
    }
  }

  private void put(String key) {
    String value = nextValue();
    Call call = new Call.Put(value);
    long from = System.nanoTime();
    try {
      put(writer(), key, value);
      recordChange(key, call, from);
      lastSeen.put(key, value);
    } catch (KvException failure) {
      recordFailure(key, call, from, failure);
    }
  }

  private void increment(String key) {
    String seen = lastSeen.get(key);
    swap(key, seen, seen == null ? "1" : Integer.toString(Integer.parseInt(seen) + 1));
  }

  private void swap(String key, @Nullable String expected, String value) {
    Call call = new Call.CompareAndSet(expected, value);
    Condition condition =
        expected == null ? new Condition.Absent() : new Condition.ValueIs(KvValue.of(expected));
    long from = System.nanoTime();
    try {
      CompareAndSetResult result = swap(writer(), key, condition, value);
      if (result.succeeded()) {
        recordChange(key, call, from);
        lastSeen.put(key, value);
      } else {
        String current = textOf(result.entry());
        recordAnswer(key, call, new Answer.Refused(current), from);
        tally.answered(System.nanoTime());
        remember(key, current);
      }
    } catch (KvException failure) {
      recordFailure(key, call, from, failure);
    }
  }

  private void get(String key) {
    long from = System.nanoTime();
    try {
      GetResult result = get(reader(), key);
      String value = textOf(result.entry());
      recordAnswer(key, new Call.Get(), new Answer.Read(value), from);
      remember(key, value);
    } catch (KvException noAnswer) {
      // A read without an answer says nothing.
      lastSeen.remove(key);
    }
  }

  // Every other client sends its requests by pipelines.

  private void put(KvClient client, String key, String value) {
    if (usesPipelines()) {
      joined(client.async().put(key, KvValue.of(value)));
    } else {
      client.put(key, value);
    }
  }

  private CompareAndSetResult swap(KvClient client, String key, Condition condition, String value) {
    return usesPipelines()
        ? joined(
            client.async().compareAndSet(key, condition, KvValue.of(value), WriteOptions.DEFAULT))
        : client.compareAndSet(key, condition, KvValue.of(value));
  }

  private GetResult get(KvClient client, String key) {
    return usesPipelines()
        ? joined(client.async().get(key, ReadMode.LINEARIZABLE))
        : client.get(key);
  }

  private boolean usesPipelines() {
    return number % 2 == 0;
  }

  private static <T> T joined(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof KvException why ? why : failed;
    }
  }

  /** Most go where the leader is, some to a given node, which forwards them. */
  private KvClient writer() {
    return random.nextInt(10) == 0 ? anySingleNode() : anyNode;
  }

  private KvClient reader() {
    return random.nextBoolean() ? anySingleNode() : anyNode;
  }

  private KvClient anySingleNode() {
    return singleNodes.get(random.nextInt(singleNodes.size()));
  }

  private void recordChange(String key, Call call, long from) {
    recordAnswer(key, call, new Answer.Stored(), from);
    tally.changed(key, System.nanoTime());
  }

  private void recordAnswer(String key, Call call, Answer answer, long from) {
    history.add(key, new Operation(number, call, answer, from, System.nanoTime()));
  }

  /** A write without an answer: the cluster is asked at once what became of it. */
  private void recordFailure(String key, Call call, long from, KvException failure) {
    lastSeen.remove(key);
    if (failure.outcome() == Outcome.NOT_APPLIED) {
      return;
    }
    RequestId id = failure.requestId();
    if (id == null) {
      throw new IllegalStateException("an unknown fate without an identity", failure);
    }
    FateResult fate = fateOf(id);
    if (fate == null || !recordFate(key, call, from, fate)) {
      history.add(key, Operation.unknown(number, call, from));
      tally.unknown(key, id);
    }
  }

  /**
   * What has not happened by now never may: then its number is sealed, half of the time at once.
   */
  private @Nullable FateResult fateOf(RequestId id) {
    try {
      FateResult fate = random.nextBoolean() ? anyNode.fateOf(id) : anyNode.cancel(id);
      return fate.fate() == FateResult.Fate.NOT_YET_APPLIED ? anyNode.cancel(id) : fate;
    } catch (KvException noAnswer) {
      return null;
    }
  }

  /** Whether it was definite. */
  private boolean recordFate(String key, Call call, long from, FateResult fate) {
    if (fate.fate() == FateResult.Fate.NOT_APPLIED) {
      tally.told();
      return true;
    }
    if (fate.answer() instanceof CompareAndSetResult swap && !swap.succeeded()) {
      recordAnswer(key, call, new Answer.Refused(textOf(swap.entry())), from);
      tally.told();
      return true;
    }
    boolean changed = fate.answer() != null && fate.fate() == FateResult.Fate.APPLIED;
    if (changed) {
      recordChange(key, call, from);
      tally.told();
    }
    return changed;
  }

  private void remember(String key, @Nullable String value) {
    if (value == null) {
      lastSeen.remove(key);
    } else {
      lastSeen.put(key, value);
    }
  }

  private static @Nullable String textOf(@Nullable KvEntry entry) {
    return entry == null ? null : entry.value().toText();
  }

  private String nextValue() {
    written++;
    return "client" + number + "-" + written;
  }
}
