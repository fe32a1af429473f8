package raftkv.client.fake;

import java.util.ArrayList;
import java.util.List;
import raftkv.client.ClientConfig;

/** Three nodes, a store, and a leader by decree. */
public final class FakeCluster implements AutoCloseable {
  private final FakeStore store = new FakeStore();
  private final List<FakeNode> nodes = new ArrayList<>();
  private volatile Leadership leadership = new Leadership(1, 1);
  private volatile int diverged;
  private volatile int fenced;

  /**
   * Who leads.
   *
   * @param leaderId 0 for nobody
   */
  public record Leadership(int leaderId, long term) {}

  /** Three nodes; node 1 leads in term 1. */
  public FakeCluster() {
    for (int id = 1; id <= 3; id++) {
      nodes.add(new FakeNode(this, id));
    }
  }

  /** A node by its id, from 1. */
  public FakeNode node(int id) {
    return nodes.get(id - 1);
  }

  int size() {
    return nodes.size();
  }

  /** What the nodes share. */
  public FakeStore store() {
    return store;
  }

  /** Who leads. */
  public Leadership leadership() {
    return leadership;
  }

  /** From now on that node leads. */
  public void lead(int leaderId, long term) {
    leadership = new Leadership(leaderId, term);
  }

  /** That node's hash differs from the others'. */
  public void diverge(int id) {
    diverged = id;
  }

  /** That node has found that it differs, and gives no hash but the one by which it knows. */
  public void fence(int id) {
    fenced = id;
  }

  boolean isFenced(int id) {
    return fenced == id;
  }

  String hash(int id, long index) {
    return String.format("%032x", index * 31 + (id == diverged ? 1 : 0));
  }

  /** What nodes call each other: a host that means nothing here, and the port that does. */
  String internalNameOf(int id) {
    return "node" + id + ".internal:" + node(id).port();
  }

  /** All endpoints in the order of ids. */
  public List<String> endpoints() {
    return nodes.stream().map(FakeNode::endpoint).toList();
  }

  /** A client's configuration for all nodes. */
  public ClientConfig config() {
    return ClientConfig.of(endpoints());
  }

  @Override
  public void close() {
    nodes.forEach(FakeNode::close);
  }
}
