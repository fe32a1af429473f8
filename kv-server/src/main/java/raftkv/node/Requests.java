package raftkv.node;

import java.util.function.Consumer;

/**
 * What a node does for its callers: routing, waiting, deadlines and forwarding are decided behind
 * this, so that services only translate, and the simulator's clients meet the same behaviour.
 *
 * <p>All methods but {@link #header} and {@link #whenTurnEnds} are callable from any thread and
 * return at once. Each answer comes exactly once, on the event loop, where the state machine may be
 * read; only {@code Overloaded}, when the queue in front of the loop is full, comes at once on the
 * calling thread. An answer must neither block nor throw.
 */
public interface Requests {
  /** Has a command decided by the cluster, wherever its leader is. */
  void write(WriteRequest request, Consumer<WriteOutcome> answer);

  /** Waits until this node's state machine may answer a read; the answer is the moment to read. */
  void read(ReadRequest request, Consumer<ReadAnswer> answer);

  /** Hands leadership over and waits until another node leads. */
  void transfer(TransferRequest request, Consumer<TransferOutcome> answer);

  /** The hash of this node's replicated state after an index. */
  void stateHash(HashRequest request, Consumer<HashAnswer> answer);

  /** Takes a snapshot of this node's state now, and waits until it is durable. */
  void snapshot(SnapshotRequest request, Consumer<SnapshotOutcome> answer);

  /** This node, now; answered whatever its state. */
  void status(Consumer<NodeStatus> answer);

  /**
   * Runs a task when the turn that is under way has ended: so the answers of a turn leave together.
   * Called on the loop only; the task must neither block nor throw.
   */
  void whenTurnEnds(Runnable task);

  /** Who answers, from which state: for response headers. Called on the loop only. */
  NodeHeader header();

  /** The loop's clock, in which deadlines are given. */
  long nowNanos();
}
