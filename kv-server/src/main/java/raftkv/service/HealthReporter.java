package raftkv.service;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import raftkv.node.Requests;
import raftkv.port.EventLoop;
import raftkv.proto.kv.v1.ClusterServiceGrpc;
import raftkv.proto.kv.v1.KvServiceGrpc;

/**
 * The health service: "" and the data service serve while the node does; {@code live} and the
 * cluster service while the process does, so that no restart policy kills a node for want of a
 * quorum. Looks at the node ten times a second. Owned by the loop.
 */
final class HealthReporter {
  static final String LIVE = "live";
  private static final long INTERVAL_NANOS = 100_000_000L;

  private final HealthStatusManager health = new HealthStatusManager();
  private final EventLoop loop;
  private final Requests requests;
  private boolean stopped;

  HealthReporter(EventLoop loop, Requests requests) {
    this.loop = loop;
    this.requests = requests;
    setServing(ServingStatus.NOT_SERVING);
    health.setStatus(LIVE, ServingStatus.SERVING);
    health.setStatus(ClusterServiceGrpc.SERVICE_NAME, ServingStatus.SERVING);
  }

  BindableService service() {
    return health.getHealthService();
  }

  /** Begins to look. From any thread. */
  void start() {
    loop.execute(this::look);
  }

  /** Nothing serves any more, for good. On the loop. */
  void stop() {
    stopped = true;
    health.enterTerminalState();
  }

  private void look() {
    if (!stopped) {
      requests.status(
          status ->
              setServing(status.isServing() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING));
      loop.schedule(this::look, INTERVAL_NANOS);
    }
  }

  private void setServing(ServingStatus status) {
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    health.setStatus(KvServiceGrpc.SERVICE_NAME, status);
  }
}
