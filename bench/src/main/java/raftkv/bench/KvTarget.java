package raftkv.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import raftkv.client.ClientConfig;
import raftkv.client.KvClient;
import raftkv.client.KvException;
import raftkv.client.KvValue;

/** This system, through its client library, so with sessions: every put takes effect once. */
final class KvTarget implements Target {
  /** Half of a session's window: room for answers that come out of order. */
  private static final int IN_FLIGHT_PER_CLIENT = 64;

  private final List<KvClient> clients = new ArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();

  KvTarget(List<String> endpoints, int inFlight) {
    int count = (inFlight + IN_FLIGHT_PER_CLIENT - 1) / IN_FLIGHT_PER_CLIENT;
    ClientConfig config = ClientConfig.of(endpoints).withMaxInFlight(IN_FLIGHT_PER_CLIENT);
    for (int i = 0; i < count; i++) {
      clients.add(KvClient.connect(config));
    }
  }

  @Override
  public CompletableFuture<?> put(String key, String value) {
    int next = Math.floorMod(turn.getAndIncrement(), clients.size());
    return clients
        .get(next)
        .async()
        .put(key, KvValue.of(value))
        .exceptionally(
            failure -> {
              throw new CompletionException(inWords(failure), failure);
            });
  }

  private static String inWords(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof KvException known
        ? known.outcome() + " " + known.reason()
        : String.valueOf(cause);
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
