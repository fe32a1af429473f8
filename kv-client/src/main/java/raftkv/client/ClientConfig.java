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
 * @param maxInFlight writes under way at a time; more than a session's window, which is 128 unless
 *     the servers say otherwise, are shared out over several sessions
 * @param maxWaiting writes that wait for room in the window
 * @param policy how patient it is
 * @param asyncStyle how requests of the asynchronous face travel; those of the blocking one are
 *     calls of their own in any case
 * @param trace told of each copy and how it ended, in words; called on the client's loop
 */
public record ClientConfig(
    List<String> endpoints,
    Duration timeout,
    int maxInFlight,
    int maxWaiting,
    RetryPolicy policy,
    CallStyle asyncStyle,
    Consumer<String> trace) {
  private static final Consumer<String> NO_TRACE = line -> {};

  /** 10 s, 64 writes in flight, 16,384 waiting, pipelines, no trace. */
  public static ClientConfig of(List<String> endpoints) {
    return new ClientConfig(
        endpoints,
        Duration.ofSeconds(10),
        64,
        16_384,
        RetryPolicy.DEFAULT,
        CallStyle.PIPELINE,
        NO_TRACE);
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

  /** Whether anybody listens to the trace. */
  boolean isTraced() {
    return trace != NO_TRACE;
  }

  /** The same with another timeout. */
  public ClientConfig withTimeout(Duration other) {
    return new ClientConfig(endpoints, other, maxInFlight, maxWaiting, policy, asyncStyle, trace);
  }

  /** The same with so many writes in flight. */
  public ClientConfig withMaxInFlight(int other) {
    return new ClientConfig(endpoints, timeout, other, maxWaiting, policy, asyncStyle, trace);
  }

  /** The same with so many writes that may wait. */
  public ClientConfig withMaxWaiting(int other) {
    return new ClientConfig(endpoints, timeout, maxInFlight, other, policy, asyncStyle, trace);
  }

  /** The same with another policy. */
  public ClientConfig withPolicy(RetryPolicy other) {
    return new ClientConfig(endpoints, timeout, maxInFlight, maxWaiting, other, asyncStyle, trace);
  }

  /** The same with another way for the asynchronous face. */
  public ClientConfig withAsyncStyle(CallStyle other) {
    return new ClientConfig(endpoints, timeout, maxInFlight, maxWaiting, policy, other, trace);
  }

  /** The same, telling that listener. */
  public ClientConfig withTrace(Consumer<String> listener) {
    return new ClientConfig(
        endpoints, timeout, maxInFlight, maxWaiting, policy, asyncStyle, listener);
  }
}
