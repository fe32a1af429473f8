package raftkv.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import raftkv.config.HostPort;
import raftkv.config.ServerConfig;
import raftkv.kv.KvLimits;
import raftkv.kv.KvStateMachine;
import raftkv.node.NodeAssembly;
import raftkv.node.NodeConfig;
import raftkv.node.NodeFailure;
import raftkv.node.NodePorts;
import raftkv.node.RaftRuntime;
import raftkv.node.SnapshotPolicy;
import raftkv.port.EntryCodec;
import raftkv.port.ExitCode;
import raftkv.port.FenceStore;
import raftkv.port.LogStore;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotStore;
import raftkv.port.StateImage;
import raftkv.port.StorageFailure;
import raftkv.raft.DurableState;
import raftkv.raft.NodeId;
import raftkv.raft.RaftConfig;
import raftkv.raft.SnapshotMeta;
import raftkv.raft.Xoshiro256;
import raftkv.runtime.ExecutorEventLoop;
import raftkv.runtime.FatalListener;
import raftkv.runtime.ThreadWorker;
import raftkv.service.ApiServer;
import raftkv.service.Endpoints;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.disk.FileDisk;
import raftkv.storage.fence.FileFenceStore;
import raftkv.storage.snapshot.FileSnapshotStore;
import raftkv.storage.snapshot.Pace;
import raftkv.storage.snapshot.SnapshotRecovery;
import raftkv.storage.wal.DamagedLog;
import raftkv.storage.wal.LogRecovery;
import raftkv.storage.wal.RecoveredLog;
import raftkv.storage.wal.SegmentedWal;
import raftkv.storage.wal.WalConfig;
import raftkv.transport.GrpcTransport;
import raftkv.transport.NettyLoop;
import raftkv.transport.PeerAddress;
import raftkv.transport.PeerSettings;

/** One running node with all its parts. */
public final class Server {
  private static final Logger LOG = LogManager.getLogger("raftkv.server");
  private static final long MILLISECOND = 1_000_000;

  /** Log kept for members that lag lies in memory too: no more than this part of the heap. */
  private static final long RETAINED_PART = 16;

  static final int INBOUND_BYTES = PeerSettings.Limits.DEFAULT.inboundMessageBytes();

  /** How long a stop may take until every answer is given; the node itself promises one second. */
  private static final long DRAIN_MILLIS = 1_200;

  private final ExecutorEventLoop loop;
  private final ThreadWorker diskWorker;
  private final ThreadWorker fileWorker;
  private final ThreadWorker snapshotWorker;
  private final NettyLoop netty;
  private final LogStore log;
  private final GrpcTransport transport;
  private final RaftRuntime runtime;
  private final ApiServer api;

  /** What a server is told besides its options. */
  record Surroundings(String version, long seed, Consumer<NodeFailure> failures) {}

  /** A data directory that is ours, with what its log and its snapshots held. */
  private record Storage(
      DataDirectory directory,
      RecoveredLog recovered,
      DurableState durable,
      KvStateMachine machine,
      List<SnapshotFile> snapshots) {}

  private Server(ServerConfig config, Surroundings around, Storage storage) {
    String name = "kv-" + config.self() + "-";
    Xoshiro256 random = new Xoshiro256(around.seed());
    this.netty = new NettyLoop(name + "loop");
    this.loop = new ExecutorEventLoop(netty.executor(), failed(around.failures()));
    this.diskWorker = ThreadWorker.start(name + "disk", failed(around.failures()));
    this.fileWorker = ThreadWorker.start(name + "file", failed(around.failures()));
    this.snapshotWorker = ThreadWorker.start(name + "snapshot", failed(around.failures()));
    KvStateMachine machine = storage.machine();
    NodeAssembly assembly = new NodeAssembly(nodeConfig(config), loop);
    this.log =
        storage
            .recovered()
            .start(
                new SegmentedWal.Surroundings(
                    diskWorker, fileWorker, new LoopTimer(loop), LOG::warn),
                assembly.completions());
    this.transport =
        new GrpcTransport(
            peerSettings(config, around.version(), random.nextLong()),
            loop,
            netty,
            storage.directory().clusterId(),
            storage.recovered().hardState().incarnation());
    this.runtime =
        assembly.assemble(
            storage.durable(),
            new NodePorts(
                log, transport, machine, fences(storage), snapshots(storage), around.failures()),
            random);
    this.api = api(config, around.version(), machine);
    ClusterIdKeeper keeper = new ClusterIdKeeper(storage.directory(), machine, loop, fileWorker);
    loop.execute(keeper::watch);
  }

  private FenceStore fences(Storage storage) {
    return FileFenceStore.open(
        storage.directory().disk(),
        fileWorker,
        task -> loop.execute(() -> loop.schedule(task, FileFenceStore.RETRY_NANOS)),
        LOG::warn);
  }

  private SnapshotStore snapshots(Storage storage) {
    KvStateMachine machine = storage.machine();
    return new FileSnapshotStore(
        storage.directory().disk(),
        snapshotWorker,
        Pace.of(loop),
        new FileSnapshotStore.Readers(machine::reader, machine::checker),
        storage.snapshots(),
        LOG::warn);
  }

  /**
   * Starts a node: the directory first, then its log, then the port, then the node.
   *
   * @param whenOurs told when the data directory is known to be this node's
   * @throws StorageFailure if the directory cannot be used
   * @throws StartFailure if the port or the options cannot be used
   */
  static Server start(ServerConfig config, Surroundings around, Runnable whenOurs) {
    DataDirectory directory =
        DataDirectory.open(FileDisk.open(config.dataDirectory()), config.self(), LOG::warn);
    whenOurs.run();
    LOG.info(StartLines.configuration(config, around.version()));
    warnIfOpen(config);
    Server server;
    try {
      server = new Server(config, around, recover(config, around, directory));
    } catch (StorageFailure | StartFailure failure) {
      directory.close();
      throw failure;
    }
    try {
      server.serve(config);
    } catch (StartFailure failure) {
      server.close();
      throw failure;
    }
    return server;
  }

  private static Storage recover(
      ServerConfig config, Surroundings around, DataDirectory directory) {
    KvStateMachine machine = new KvStateMachine();
    SnapshotRecovery.Found found =
        SnapshotRecovery.recover(
            directory, new FileSnapshotStore.Readers(machine::reader, machine::checker), LOG::warn);
    SnapshotFile newest = found.newest();
    StateImage image = found.image();
    SnapshotMeta snapshot = newest == null ? null : newest.meta();
    RecoveredLog recovered = healed(config, around, directory, snapshot);
    LOG.info(StartLines.log(config, recovered.facts()));
    DurableState durable = recovered.startingFrom(snapshot);
    if (newest != null && image != null) {
      machine.restore(image);
      LOG.info(StartLines.snapshot(config, newest, machine.summary(), durable));
    }
    AgreedLimits.check(machine, recovered.entries(), config.sessions());
    return new Storage(directory, recovered, durable, machine, found.stored());
  }

  /** Only peers can give back what a log has lost: without any, damage ends the start. */
  private static RecoveredLog healed(
      ServerConfig config,
      Surroundings around,
      DataDirectory directory,
      @Nullable SnapshotMeta snapshot) {
    try {
      RecoveredLog found = LogRecovery.recover(directory, WalConfig.DEFAULT, LOG::warn);
      found.checkReaches(snapshot);
      return found;
    } catch (StorageFailure failure) {
      if (failure.exitCode() != ExitCode.DAMAGED || config.peers().isEmpty()) {
        throw failure;
      }
      LOG.warn("{}; asking the other members for what is lost", failure.getMessage());
      DamagedLog damaged = DamagedLog.examine(directory, WalConfig.DEFAULT, snapshot);
      return HealingServer.heal(config, around, directory, damaged);
    }
  }

  private static void warnIfOpen(ServerConfig config) {
    boolean loopback = config.listen().startsWith("127.") || config.listen().equals("localhost");
    if (!loopback && !config.listen().equals("::1")) {
      LOG.warn("no authentication: anybody who reaches {} may read and write", config.listen());
    }
  }

  private void serve(ServerConfig config) {
    listen(config, netty, api);
    runtime.start();
  }

  /** Begins to take calls. */
  static void listen(ServerConfig config, NettyLoop netty, ApiServer api) {
    try {
      boolean anywhere = config.listen().equals("0.0.0.0") || config.listen().equals("::");
      api.start(
          netty.channelTo(
              new PeerAddress(anywhere ? "127.0.0.1" : config.listen(), config.port())));
    } catch (IOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StartFailure(
          ExitCode.UNAVAILABLE,
          "port "
              + config.port()
              + " on "
              + config.listen()
              + " cannot be used: "
              + cause.getMessage());
    }
  }

  /**
   * Ends in order: leadership is handed over and what is under way is answered, then the callers
   * are told goodbye, then the log is closed; the lock goes last.
   *
   * @return how the disk failed meanwhile, or null
   */
  @Nullable NodeFailure stop() {
    api.announceStop();
    CountDownLatch drained = new CountDownLatch(1);
    runtime.stop(drained::countDown);
    try {
      if (!drained.await(DRAIN_MILLIS, TimeUnit.MILLISECONDS)) {
        LOG.warn("not every request was decided in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.execute(transport::close);
    api.stop();
    close();
    return runtime.diskFailure();
  }

  /** Everything but the callers: threads, files, and the lock last. */
  private void close() {
    loop.close();
    snapshotWorker.close();
    log.close();
    fileWorker.close();
    diskWorker.close();
    netty.close();
  }

  private ApiServer api(ServerConfig config, String version, KvStateMachine machine) {
    SortedMap<NodeId, String> addresses = new TreeMap<>();
    config.peers().forEach((id, address) -> addresses.put(id, address.toString()));
    addresses.put(config.self(), config.advertise().toString());
    return new ApiServer(
        netty.server(new InetSocketAddress(config.listen(), config.port()), INBOUND_BYTES),
        transport.service(),
        new ApiServer.Node(
            runtime.requests(),
            machine,
            loop,
            new Endpoints(addresses),
            KvLimits.DEFAULTS,
            config.times().electionTimeoutMaxMs() * MILLISECOND,
            version));
  }

  static RaftConfig raftConfig(ServerConfig config) {
    List<NodeId> members = new ArrayList<>(config.peers().keySet());
    members.add(config.self());
    ServerConfig.Times times = config.times();
    return RaftConfig.of(
            config.self(),
            members,
            new EntryCodec(),
            AgreedLimits.asked(config.sessions()).encode())
        .withTimes(
            times.electionTimeoutMinMs() * MILLISECOND,
            times.electionTimeoutMaxMs() * MILLISECOND,
            times.heartbeatMs() * MILLISECOND)
        .withRetainedLogBytes(
            Math.min(
                config.snapshots().retainedLogBytes(),
                Runtime.getRuntime().maxMemory() / RETAINED_PART));
  }

  private static NodeConfig nodeConfig(ServerConfig config) {
    SnapshotPolicy fitting = SnapshotPolicy.DEFAULT.withinHeap(Runtime.getRuntime().maxMemory());
    Long logBytes = config.snapshots().logBytes();
    return NodeConfig.of(raftConfig(config))
        .withSnapshots(logBytes == null ? fitting : fitting.withLogBytes(logBytes));
  }

  static PeerSettings peerSettings(ServerConfig config, String version, long run) {
    SortedMap<NodeId, PeerAddress> peers = new TreeMap<>();
    for (Map.Entry<NodeId, HostPort> peer : config.peers().entrySet()) {
      peers.put(peer.getKey(), new PeerAddress(peer.getValue().host(), peer.getValue().port()));
    }
    return new PeerSettings(
        config.self(),
        peers,
        run,
        version,
        config.times().electionTimeoutMinMs() * MILLISECOND,
        config.times().electionTimeoutMaxMs() * MILLISECOND,
        config.times().heartbeatMs() * MILLISECOND,
        PeerSettings.Limits.DEFAULT);
  }

  static FatalListener failed(Consumer<NodeFailure> failures) {
    return (threadName, thrown) -> {
      ExitCode code = ExitCode.INVARIANT;
      if (thrown instanceof StorageFailure storage) {
        code = storage.exitCode();
      } else if (thrown instanceof OutOfMemoryError) {
        code = ExitCode.MEMORY;
      }
      LOG.error("thread {} ends: {}", threadName, thrown.toString(), thrown);
      failures.accept(new NodeFailure(code, "thread " + threadName + " ended", thrown));
    };
  }
}
