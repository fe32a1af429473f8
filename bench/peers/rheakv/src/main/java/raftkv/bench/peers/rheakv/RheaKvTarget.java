package raftkv.bench.peers.rheakv;

import com.alipay.sofa.jraft.rhea.client.DefaultRheaKVStore;
import com.alipay.sofa.jraft.rhea.client.RheaKVStore;
import com.alipay.sofa.jraft.rhea.options.BatchingOptions;
import com.alipay.sofa.jraft.rhea.options.RheaKVStoreOptions;
import com.alipay.sofa.jraft.rhea.options.configured.BatchingOptionsConfigured;
import com.alipay.sofa.jraft.rhea.options.configured.MultiRegionRouteTableOptionsConfigured;
import com.alipay.sofa.jraft.rhea.options.configured.PlacementDriverOptionsConfigured;
import com.alipay.sofa.jraft.rhea.options.configured.RheaKVStoreOptionsConfigured;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import raftkv.bench.target.Failure;
import raftkv.bench.target.Target;

/** RheaKV through its own client, which finds the leader itself. */
final class RheaKvTarget implements Target {
  /** All keys are in one region, as with any other target. */
  private static final long REGION = -1;

  private final RheaKVStore store;
  private final String words;

  private RheaKvTarget(RheaKVStore store, String words) {
    this.store = store;
    this.words = words;
  }

  /** With its defaults: requests that wait are sent as one. */
  static RheaKvTarget batched(List<String> endpoints) throws IOException {
    BatchingOptions batching = BatchingOptionsConfigured.newConfigured().config();
    return connect(endpoints, batching, "RheaKV, its own client with batching");
  }

  /** Each request by itself. */
  static RheaKvTarget unbatched(List<String> endpoints) throws IOException {
    BatchingOptions batching =
        BatchingOptionsConfigured.newConfigured().withAllowBatching(false).config();
    return connect(endpoints, batching, "RheaKV, its own client without batching");
  }

  private static RheaKvTarget connect(
      List<String> endpoints, BatchingOptions batching, String words) throws IOException {
    RheaKVStoreOptions options =
        RheaKVStoreOptionsConfigured.newConfigured()
            .withClusterName(RheaKvServer.CLUSTER)
            .withBatchingOptions(batching)
            .withPlacementDriverOptions(
                PlacementDriverOptionsConfigured.newConfigured()
                    .withFake(true)
                    .withRegionRouteTableOptionsList(
                        MultiRegionRouteTableOptionsConfigured.newConfigured()
                            .withInitialServerList(REGION, String.join(",", endpoints))
                            .config())
                    .config())
            .config();
    DefaultRheaKVStore store = new DefaultRheaKVStore();
    if (!store.init(options)) {
      store.shutdown();
      throw new IOException("the client of RheaKV does not start");
    }
    return new RheaKvTarget(store, words);
  }

  @Override
  public void put(String key, byte[] value, Ending ending) {
    begin(() -> store.put(bytes(key), value), ending, stored -> null);
  }

  @Override
  public void get(String key, Ending ending) {
    begin(() -> store.get(bytes(key), true), ending, found -> found);
  }

  @Override
  public void getStale(String key, Ending ending) {
    begin(() -> store.get(bytes(key), false), ending, found -> found);
  }

  /** What of an answer is a value. */
  private interface ValueOf<A> {
    byte @Nullable [] take(@Nullable A answer);
  }

  /** Its client refuses some things at once that others refuse by the future. */
  private static <A> void begin(
      Supplier<CompletableFuture<A>> call, Ending ending, ValueOf<A> value) {
    CompletableFuture<A> future;
    try {
      future = call.get();
    } catch (RuntimeException refused) {
      ending.ended(null, failure(refused));
      return;
    }
    var unused =
        future.whenComplete(
            (answer, thrown) -> {
              if (thrown != null) {
                ending.ended(null, failure(thrown));
              } else if (Boolean.FALSE.equals(answer)) {
                ending.ended(null, Failure.unknown("put answered false"));
              } else {
                ending.ended(value.take(answer), null);
              }
            });
  }

  private static Failure failure(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return Failure.unknown(cause.getClass().getSimpleName());
  }

  private static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String describe() {
    return words;
  }

  @Override
  public void close() {
    store.shutdown();
  }
}
