package raftkv.client;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import raftkv.client.session.RetryPolicy;

/**
 * What a client is told.
 *
 * @param endpoints {@code host:port}, at least one; no other is ever connected to
 * @param timeout of a request as a whole, all its copies and pauses together
 * @param maxInFlight writes under way at a time, at most the servers' session window
 * @param maxWaiting writes that wait for room in the window
 * @param policy how patient it is
 * @param trace told of each copy and how it ended, in words; called on the client's loop
 */
public record ClientConfig(
    List<String> endpoints,
    Duration timeout,
    int maxInFlight,
    int maxWaiting,
    RetryPolicy policy,
    Consumer<String> trace) {

  /** 10 s, 64 writes in flight, 16,384 waiting, no trace. */
  public static ClientConfig of(List<String> endpoints) {
    return new ClientConfig(
        endpoints, Duration.ofSeconds(10), 64, 16_384, RetryPolicy.DEFAULT, line -> {});
  }

  /** Checks what a mistake would turn into a riddle later. */
  public ClientConfig {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("at least one endpoint is needed");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("a timeout has to be positive, not " + timeout);
    }
    if (maxInFlight < 1) {
      throw new IllegalArgumentException("at least one write has to be in flight");
    }
    for (String endpoint : endpoints) {
      Address.parse(endpoint);
    }
  }

  /** The same with another timeout. */
  public ClientConfig withTimeout(Duration other) {
    return new ClientConfig(endpoints, other, maxInFlight, maxWaiting, policy, trace);
  }

  /** The same with so many writes in flight. */
  public ClientConfig withMaxInFlight(int other) {
    return new ClientConfig(endpoints, timeout, other, maxWaiting, policy, trace);
  }

  /** The same with another policy. */
  public ClientConfig withPolicy(RetryPolicy other) {
    return new ClientConfig(endpoints, timeout, maxInFlight, maxWaiting, other, trace);
  }

  /** The same, telling that listener. */
  public ClientConfig withTrace(Consumer<String> listener) {
    return new ClientConfig(endpoints, timeout, maxInFlight, maxWaiting, policy, listener);
  }
}
