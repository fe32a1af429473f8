package raftkv.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import raftkv.client.session.RequestId;

/**
 * The blocking face of a cluster. Thread-safe; one instance serves a whole program, and each has a
 * session of its own, so that every write takes effect once however often it is sent.
 *
 * <pre>{@code
 * try (KvClient client = KvClient.connect("localhost:9001", "localhost:9002")) {
 *   client.put("key1", "value1");
 *   client.get("key1").entry();
 * }
 * }</pre>
 *
 * <p>Every method throws {@link KvException} when no answer came within the timeout, or the request
 * was refused. Connections are made at the first request.
 */
public final class KvClient implements AutoCloseable {
  private final Engine engine;
  private final AsyncKv async;
  private final AsyncKv alone;
  private final ClusterCalls cluster;

  /** A client whose blocking face sends its requests in that way. */
  KvClient(ClientConfig config, CallStyle style) {
    engine = new Engine(config);
    async = new AsyncKv(engine, config.asyncStyle());
    alone = new AsyncKv(engine, style);
    cluster = new ClusterCalls(engine);
  }

  /** A client of these endpoints, {@code host:port} each, with a timeout of 10 s. */
  public static KvClient connect(String... endpoints) {
    return connect(ClientConfig.of(List.of(endpoints)));
  }

  /** A client as configured. */
  public static KvClient connect(ClientConfig config) {
    return new KvClient(config, CallStyle.UNARY);
  }

  /** The same with futures; shares connections and session. */
  public AsyncKv async() {
    return async;
  }

  /** What operators ask. */
  public ClusterCalls cluster() {
    return cluster;
  }

  /** Stores text under a key. */
  public PutResult put(String key, String value) {
    return put(key, KvValue.of(value), WriteOptions.DEFAULT);
  }

  /** Stores a value under a key. */
  public PutResult put(String key, KvValue value, WriteOptions options) {
    return await(alone.put(key, value, options));
  }

  /** Reads one key, linearizably. */
  public GetResult get(String key) {
    return get(key, ReadMode.LINEARIZABLE);
  }

  /** Reads one key. */
  public GetResult get(String key, ReadMode mode) {
    return await(alone.get(key, mode));
  }

  /** Removes a key, whatever it holds. */
  public DeleteResult delete(String key) {
    return delete(key, WriteOptions.DEFAULT);
  }

  /** Removes a key, whatever it holds. */
  public DeleteResult delete(String key, WriteOptions options) {
    return await(alone.delete(key, options));
  }

  /** Removes a key if its last change was at that index. */
  public DeleteResult deleteIf(String key, long modIndex, WriteOptions options) {
    return await(alone.deleteIf(key, modIndex, options));
  }

  /** Stores a value if, and only if, the condition holds. */
  public CompareAndSetResult compareAndSet(String key, Condition condition, KvValue value) {
    return compareAndSet(key, condition, value, WriteOptions.DEFAULT);
  }

  /** Stores a value if, and only if, the condition holds. */
  public CompareAndSetResult compareAndSet(
      String key, Condition condition, KvValue value, WriteOptions options) {
    return await(alone.compareAndSet(key, condition, value, options));
  }

  /** One page of keys. */
  public ListPage list(PageRequest page, ReadMode mode) {
    return await(alone.list(page, mode));
  }

  /** Number of keys with a prefix; empty for all. */
  public CountResult count(String prefix, ReadMode mode) {
    return await(alone.count(prefix, mode));
  }

  /** What became of a write, as {@link KvException#requestId} names it. */
  public FateResult fateOf(RequestId id) {
    return await(alone.fateOf(id));
  }

  /** What became of a write; seals its number if nothing did so far. */
  public FateResult cancel(RequestId id) {
    return await(alone.cancel(id));
  }

  private <R> R await(CompletableFuture<R> future) {
    if (engine.loop().isCurrentThread()) {
      throw new IllegalStateException("a blocking call on the client's own loop would never end");
    }
    try {
      return future.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof KvException why) {
        throw why;
      }
      throw failed;
    }
  }

  /** Ends what is under way, with what may be said of it, and releases everything. */
  @Override
  public void close() {
    engine.close();
  }
}
