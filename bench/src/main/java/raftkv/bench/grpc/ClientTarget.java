package raftkv.bench.grpc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import raftkv.bench.target.Failure;
import raftkv.bench.target.Target;
import raftkv.client.AsyncKv;
import raftkv.client.ClientConfig;
import raftkv.client.GetResult;
import raftkv.client.KvClient;
import raftkv.client.KvEntry;
import raftkv.client.KvException;
import raftkv.client.KvValue;
import raftkv.client.ReadMode;
import raftkv.client.session.Outcome;

/** This system through its client library, so with sessions: every put takes effect once. */
final class ClientTarget implements Target {
  /** Half of a session's window: room for answers that come out of order. */
  private static final int IN_FLIGHT_PER_CLIENT = 64;

  private final List<KvClient> clients = new ArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();

  ClientTarget(List<String> endpoints, int inFlight) {
    int count = (inFlight + IN_FLIGHT_PER_CLIENT - 1) / IN_FLIGHT_PER_CLIENT;
    ClientConfig config = ClientConfig.of(endpoints).withMaxInFlight(IN_FLIGHT_PER_CLIENT);
    for (int i = 0; i < count; i++) {
      clients.add(KvClient.connect(config));
    }
  }

  @Override
  public void put(String key, byte[] value, Ending ending) {
    var unused =
        next()
            .put(key, KvValue.of(value))
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
        next()
            .get(key, mode)
            .whenComplete((answer, thrown) -> ending.ended(valueOf(answer), failure(thrown)));
  }

  private AsyncKv next() {
    return clients.get(Math.floorMod(turn.getAndIncrement(), clients.size())).async();
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
    return clients.size() == 1
        ? "raftkv, one client with a session"
        : "raftkv, " + clients.size() + " clients with a session each";
  }

  @Override
  public void close() {
    clients.forEach(KvClient::close);
  }
}
