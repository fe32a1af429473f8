package raftkv.e2e.cluster;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import raftkv.client.ClientConfig;
import raftkv.client.KvClient;
import raftkv.proto.kv.v1.StateHashResponse;
import raftkv.proto.kv.v1.StatusResponse;

/** Nodes of one cluster, and the one way to find out how they are. Owned by one thread. */
public final class Cluster implements AutoCloseable {
  /** Long enough for three virtual machines to start on a busy machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration QUESTION = Duration.ofMillis(500);

  /** For tests in which nobody may lose the lead because this machine is busy. */
  public static final List<String> PATIENT_ELECTIONS =
      List.of("--election-timeout-min-ms", "1000", "--election-timeout-max-ms", "2000");

  private final List<NodeProcess> nodes;
  private final KvClient observer;

  private Cluster(Path directory, int size, List<String> moreOptions) {
    List<Integer> ports = Installation.freePorts(size);
    nodes =
        IntStream.rangeClosed(1, size)
            .mapToObj(id -> new NodeProcess(id, ports, directory, moreOptions))
            .toList();
    observer = KvClient.connect(ClientConfig.of(endpoints()));
  }

  /** Nodes that were never started, under that directory. */
  public static Cluster of(int size, Path directory) {
    return new Cluster(directory, size, List.of());
  }

  /** Three nodes that are up and have a leader. */
  public static Cluster started(Path directory) {
    return started(directory, List.of());
  }

  /** Three nodes that are up and have a leader, with more options. */
  public static Cluster started(Path directory, List<String> moreOptions) {
    Cluster cluster = new Cluster(directory, 3, moreOptions);
    try {
      cluster.startAll();
      cluster.awaitHealthy();
      return cluster;
    } catch (RuntimeException | Error failed) {
      cluster.close();
      throw failed;
    }
  }

  /** All nodes, by id from 1. */
  public List<NodeProcess> nodes() {
    return nodes;
  }

  /** The node with that id. */
  public NodeProcess node(int id) {
    return nodes.get(id - 1);
  }

  /** The others. */
  public List<NodeProcess> without(NodeProcess one) {
    return nodes.stream().filter(node -> node != one).toList();
  }

  /** Addresses of all nodes. */
  public List<String> endpoints() {
    return nodes.stream().map(NodeProcess::endpoint).toList();
  }

  /** A client that knows all nodes; the caller closes it. */
  public KvClient connect() {
    return KvClient.connect(ClientConfig.of(endpoints()));
  }

  /** A client that talks to one node only; the caller closes it. */
  public static KvClient connectTo(NodeProcess node) {
    return KvClient.connect(ClientConfig.of(List.of(node.endpoint())));
  }

  /** Starts those that do not run. */
  public void startAll() {
    nodes.stream().filter(node -> !node.isRunning()).forEach(NodeProcess::start);
  }

  /** What a node says of itself; null if it does not answer. */
  public @Nullable StatusResponse status(NodeProcess node) {
    if (!node.isRunning()) {
      return null;
    }
    return observer.cluster().status(node.id() - 1, QUESTION).exceptionally(e -> null).join();
  }

  /** The hash of a node's state after an index, which it waits for. */
  public String hashAt(NodeProcess node, long index) {
    StateHashResponse answer = observer.cluster().stateHash(node.id() - 1, index, PATIENCE).join();
    return answer.getStateHash();
  }

  /**
   * Who leads now: role leader in the highest term that anybody reports, followed by a majority,
   * and named by another node as well. Null while there is no such node.
   */
  public @Nullable NodeProcess leader() {
    return Leaders.find(nodes, nodes.stream().map(this::status).toList());
  }

  /** Waits for a leader. */
  public NodeProcess awaitLeader() {
    return awaitValue("a leader", this::leader);
  }

  /** Waits for a leader other than that node. */
  public NodeProcess awaitLeaderOtherThan(NodeProcess old) {
    return awaitValue(
        "a leader other than " + old,
        () -> {
          NodeProcess leader = leader();
          return leader == old ? null : leader;
        });
  }

  /** Waits until every node runs, follows one leader, and has applied what that leader had. */
  public NodeProcess awaitHealthy() {
    NodeProcess leader = awaitLeader();
    StatusResponse ofLeader = status(leader);
    long index = ofLeader == null ? 0 : ofLeader.getCommitIndex();
    await(this + " healthy")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> nodes.stream().allMatch(node -> follows(status(node), index)));
    return awaitLeader();
  }

  private static boolean follows(@Nullable StatusResponse status, long index) {
    return status != null && status.getLeaderId() != 0 && status.getAppliedIndex() >= index;
  }

  /** Waits for the first answer that is not null. */
  public <T> T awaitValue(String what, Callable<@Nullable T> question) {
    List<T> found = new ArrayList<>();
    await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              T value = question.call();
              if (value != null) {
                found.add(value);
              }
              return value != null;
            });
    return found.get(0);
  }

  /** Kills what still runs. */
  @Override
  public void close() {
    observer.close();
    nodes.forEach(NodeProcess::dispose);
  }

  @Override
  public String toString() {
    return "cluster of " + endpoints();
  }
}
