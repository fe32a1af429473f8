package raftkv.service;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import raftkv.kv.KvLimits;
import raftkv.kv.KvStateMachine;
import raftkv.node.Requests;
import raftkv.port.EventLoop;

/** All services of a node on its one port. */
public final class ApiServer {
  private static final long GOODBYE_MILLIS = 200;

  private final Server server;
  private final EventLoop loop;
  private final HealthReporter health;
  private final Pipelines pipelines;

  /**
   * What the services stand on.
   *
   * @param requests of the node
   * @param machine to be read on the loop
   * @param loop the node's
   * @param endpoints how the members are called towards clients
   * @param limits with which requests are checked before they are queued
   * @param electionNanos about how long an election takes
   * @param version of the program
   */
  public record Node(
      Requests requests,
      KvStateMachine machine,
      EventLoop loop,
      Endpoints endpoints,
      KvLimits limits,
      long electionNanos,
      String version) {}

  /**
   * A server that is not started yet.
   *
   * @param builder where to listen, and with which limits
   * @param peers the service for the other members
   */
  public ApiServer(
      Supplier<? extends ServerBuilder<?>> builder,
      Supplier<ServerServiceDefinition> peers,
      Node node) {
    Errors errors = new Errors(node.endpoints(), node.electionNanos());
    this.loop = node.loop();
    this.health = new HealthReporter(node.loop(), node.requests());
    DataRequests data =
        new DataRequests(node.requests(), node.machine(), node.endpoints(), errors, node.limits());
    AnswerRoom room = new AnswerRoom(node.loop());
    this.pipelines = new Pipelines(node.loop(), node.requests(), data, errors);
    this.server =
        builder
            .get()
            .addService(peers.get())
            .addService(new KvCalls(node.requests(), data, pipelines, room))
            .addService(
                new ClusterCalls(
                    node.requests(),
                    node.machine(),
                    node.endpoints(),
                    errors,
                    node.version(),
                    room))
            .addService(health.service())
            .addService(ProtoReflectionServiceV1.newInstance())
            .addService(OldReflection.service())
            .build();
  }

  /**
   * Begins to listen, and makes the first call of each kind itself.
   *
   * @param self a channel to this server
   * @throws IOException if the port cannot be used
   */
  public void start(Supplier<ManagedChannel> self) throws IOException {
    server.start();
    new WarmUp(self.get()).run();
    health.start();
  }

  /**
   * The health service says from now on that nothing serves, and pipelines take nothing more; calls
   * are still answered.
   */
  public void announceStop() {
    loop.execute(health::stop);
    loop.execute(pipelines::stop);
  }

  /** Says goodbye to the callers, and after a moment cuts off who is still there. */
  public void stop() {
    loop.execute(pipelines::stop);
    server.shutdown();
    try {
      if (!server.awaitTermination(GOODBYE_MILLIS, TimeUnit.MILLISECONDS)) {
        server.shutdownNow().awaitTermination(GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
