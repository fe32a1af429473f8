package raftkv.e2e.kill;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import raftkv.client.ClientConfig;
import raftkv.client.KvClient;
import raftkv.e2e.cluster.Cluster;
import raftkv.e2e.cluster.NodeProcess;
import raftkv.simulation.history.History;

/** Eight clients at work, from {@link #start} to {@link #stop}. Owned by the test's thread. */
final class Load implements AutoCloseable {
  private static final int CLIENTS = 8;

  /** Long enough for elections, short enough that a paused node does not hold a client for long. */
  private static final Duration SINGLE_NODE_TIMEOUT = Duration.ofSeconds(1);

  private static final Duration PROGRESS = Duration.ofSeconds(60);

  private final History history = new History();
  private final Tally tally = new Tally();
  private final List<KvClient> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Queue<Throwable> accidents = new ConcurrentLinkedQueue<>();

  // Written by the test's thread, read by the clients'.
  private volatile boolean stopping;

  private Load() {}

  static Load start(Cluster cluster) {
    Load load = new Load();
    Keys keys = new Keys(System.nanoTime());
    for (int number = 1; number <= CLIENTS; number++) {
      KvClient own = load.opened(ClientConfig.of(cluster.endpoints()));
      List<KvClient> singleNodes = new ArrayList<>();
      for (NodeProcess node : cluster.nodes()) {
        ClientConfig config = ClientConfig.of(List.of(node.endpoint()));
        singleNodes.add(load.opened(config.withTimeout(SINGLE_NODE_TIMEOUT)));
      }
      var recording = new LoadClient.Recording(load.history, load.tally);
      var client = new LoadClient(number, keys, own, singleNodes, recording, () -> load.stopping);
      Thread thread = new Thread(client, "load-" + number);
      thread.setUncaughtExceptionHandler((t, accident) -> load.accidents.add(accident));
      load.threads.add(thread);
      thread.start();
    }
    return load;
  }

  private KvClient opened(ClientConfig config) {
    KvClient client = KvClient.connect(config);
    clients.add(client);
    return client;
  }

  /** Waits until so many more writes were answered: the service goes on. */
  void awaitProgress(int writes) {
    long goal = tally.acks() + writes;
    await(writes + " more writes answered")
        .atMost(PROGRESS)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> tally.acks() >= goal || !accidents.isEmpty());
    failOnAccident();
  }

  /** Lets every client finish what it is doing. */
  void stop() {
    stopping = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    failOnAccident();
  }

  private void failOnAccident() {
    if (!accidents.isEmpty()) {
      throw new AssertionError("a client of the load failed", accidents.peek());
    }
  }

  History history() {
    return history;
  }

  Tally tally() {
    return tally;
  }

  @Override
  public void close() {
    stopping = true;
    clients.forEach(KvClient::close);
  }
}
