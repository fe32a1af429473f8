package raftkv.node;

import java.util.random.RandomGenerator;
import raftkv.port.EventLoop;
import raftkv.port.LogStore;
import raftkv.raft.DurableState;
import raftkv.raft.RaftNode;

/**
 * Puts a node together from its ports: in production and in simulation alike. In two steps, since
 * opening the log store needs somebody to report to, and the node needs what the store found.
 */
public final class NodeAssembly {
  private final NodeConfig config;
  private final EventLoop loop;
  private final Inbox inbox;

  /** The first step: the numbers and the loop. */
  public NodeAssembly(NodeConfig config, EventLoop loop) {
    this.config = config;
    this.loop = loop;
    this.inbox = new Inbox(loop, config);
  }

  /** Where the log store reports to, from the moment it is opened. Callable from any thread. */
  public LogStore.Listener completions() {
    return inbox;
  }

  /**
   * The second step: a node that does nothing until {@link RaftRuntime#start}.
   *
   * @param durable what the log store has found
   * @param random for election timeouts and new identities
   */
  public RaftRuntime assemble(DurableState durable, NodePorts ports, RandomGenerator random) {
    long now = loop.nowNanos();
    RaftNode raft = RaftNode.restore(config.raft(), durable, random, now);
    Situation situation =
        new Situation(
            config,
            raft,
            durable.commitIndex(),
            ports.fences().raised(),
            loop::nowNanos,
            inbox::wake);
    situation.tick(now);
    return new RaftRuntime(loop, inbox, situation, ports);
  }
}
