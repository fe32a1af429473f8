package raftkv.bench.grpc;

import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import raftkv.bench.target.Failure;
import raftkv.bench.target.Target;
import raftkv.bench.target.TargetFactory;
import raftkv.client.AsyncKv;
import raftkv.client.CallStyle;
import raftkv.client.ClientConfig;
import raftkv.client.GetResult;
import raftkv.client.KvClient;
import raftkv.client.KvEntry;
import raftkv.client.KvException;
import raftkv.client.KvValue;
import raftkv.client.ReadMode;
import raftkv.client.session.Outcome;

/**
 * This system through the asynchronous face of its client library, so with sessions: every put
 * takes effect once.
 */
final class ClientTarget implements Target {
  private final KvClient client;
  private final AsyncKv data;
  private final String words;

  ClientTarget(TargetFactory.Place place, CallStyle style) {
    ClientConfig config =
        ClientConfig.of(place.endpoints()).withMaxInFlight(place.inFlight()).withAsyncStyle(style);
    client = KvClient.connect(config);
    data = client.async();
    words = "raftkv, client library with sessions, " + style.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void put(String key, byte[] value, Ending ending) {
    var unused =
        data.put(key, KvValue.of(value))
            .whenComplete((answer, thrown) -> ending.ended(null, failure(thrown)));
  }

  @Override
  public void get(String key, Ending ending) {
    read(key, ReadMode.LINEARIZABLE, ending);
  }

  @Override
  public void getStale(String key, Ending ending) {
    read(key, ReadMode.STALE, ending);
  }

  private void read(String key, ReadMode mode, Ending ending) {
    var unused =
        data.get(key, mode)
            .whenComplete((answer, thrown) -> ending.ended(valueOf(answer), failure(thrown)));
  }

  private static byte @Nullable [] valueOf(@Nullable GetResult answer) {
    KvEntry entry = answer == null ? null : answer.entry();
    return entry == null ? null : entry.value().toBytes();
  }

  private static @Nullable Failure failure(@Nullable Throwable thrown) {
    if (thrown == null) {
      return null;
    }
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (!(cause instanceof KvException known)) {
      return Failure.unknown(String.valueOf(cause));
    }
    String words = known.outcome() + " " + known.reason();
    return known.outcome() == Outcome.NOT_APPLIED
        ? Failure.notApplied(words)
        : Failure.unknown(words);
  }

  @Override
  public String describe() {
    return words;
  }

  @Override
  public void close() {
    client.close();
  }
}
