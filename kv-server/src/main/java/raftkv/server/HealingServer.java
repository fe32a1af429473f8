package raftkv.server;

import java.net.InetSocketAddress;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import raftkv.config.ServerConfig;
import raftkv.kv.KvLimits;
import raftkv.kv.KvStateMachine;
import raftkv.node.NodeConfig;
import raftkv.node.Restoration;
import raftkv.node.Restoration.Outcome;
import raftkv.port.LogFragments;
import raftkv.raft.NodeId;
import raftkv.raft.Xoshiro256;
import raftkv.runtime.ExecutorEventLoop;
import raftkv.service.ApiServer;
import raftkv.service.Endpoints;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.wal.DamagedLog;
import raftkv.storage.wal.RecoveredLog;
import raftkv.transport.GrpcTransport;
import raftkv.transport.NettyLoop;

/**
 * A node that has no log to run on yet: on the same port, it asks its peers for what its log has
 * lost, answers theirs, and tells its callers that it is not ready. Ends before the node is made.
 */
final class HealingServer implements AutoCloseable {
  private static final Logger LOG = LogManager.getLogger("raftkv.server");

  private final ExecutorEventLoop loop;
  private final NettyLoop netty;
  private final GrpcTransport transport;
  private final Restoration restoration;
  private final ApiServer api;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

  private HealingServer(
      ServerConfig config,
      Server.Surroundings around,
      DataDirectory directory,
      LogFragments found) {
    String name = "kv-" + config.self() + "-";
    Xoshiro256 random = new Xoshiro256(around.seed() + 1);
    NodeConfig nodeConfig = NodeConfig.of(Server.raftConfig(config));
    netty = new NettyLoop(name + "loop");
    loop = new ExecutorEventLoop(netty.executor(), Server.failed(around.failures()));
    transport =
        new GrpcTransport(
            Server.peerSettings(config, around.version(), random.nextLong()),
            loop,
            netty,
            directory.clusterId(),
            found.hardState().incarnation());
    restoration = new Restoration(nodeConfig, loop, transport, found, outcome::complete);
    SortedMap<NodeId, String> addresses = new TreeMap<>();
    config.peers().forEach((id, address) -> addresses.put(id, address.toString()));
    addresses.put(config.self(), config.advertise().toString());
    api =
        new ApiServer(
            netty.server(
                new InetSocketAddress(config.listen(), config.port()), Server.INBOUND_BYTES),
            transport.service(),
            new ApiServer.Node(
                restoration.requests(),
                new KvStateMachine(),
                loop,
                new Endpoints(addresses),
                KvLimits.DEFAULTS,
                nodeConfig.raft().elections().timeoutMaxNanos(),
                around.version()));
  }

  /**
   * Heals the log, however long that takes, and writes it down.
   *
   * @throws StartFailure if the port cannot be used
   */
  static RecoveredLog heal(
      ServerConfig config,
      Server.Surroundings around,
      DataDirectory directory,
      DamagedLog damaged) {
    damaged.damages().forEach(damage -> LOG.warn("damaged: {}", damage));
    try (HealingServer server = new HealingServer(config, around, directory, damaged.fragments())) {
      Server.listen(config, server.netty, server.api);
      server.restoration.start();
      Outcome outcome = server.outcome.join();
      LogFragments text =
          outcome instanceof Outcome.Healed healed
              ? healed.text()
              : ((Outcome.Anew) outcome).text();
      // Peers that have lost text as well are answered until this one can run.
      return damaged.replaceBy(text, LOG::warn);
    }
  }

  @Override
  public void close() {
    loop.execute(transport::close);
    api.stop();
    loop.close();
    netty.close();
  }
}
