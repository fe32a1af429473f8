package raftkv.client;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The one thread of a client: it carries the connections, and owns all state of the engine. A
 * daemon, and the client's own, so that closing it ends it at once: the shared loops of gRPC keep a
 * process from ending for hundreds of milliseconds.
 */
final class ClientLoop implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop loop;

  ClientLoop() {
    group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("kv-client-loop", true), NioIoHandler.newFactory());
    loop = group.next();
  }

  MultiThreadIoEventLoopGroup group() {
    return group;
  }

  boolean isCurrentThread() {
    return loop.inEventLoop();
  }

  void execute(Runnable task) {
    loop.execute(task);
  }

  /** The same, but when the loop has ended nobody waits for the task any more: it is dropped. */
  void executeIfOpen(Runnable task) {
    if (!isOpen()) {
      return;
    }
    try {
      loop.execute(task);
    } catch (RejectedExecutionException endedMeanwhile) {
      return;
    }
  }

  /** Runs a task after a delay; the returned handle takes it back. */
  Runnable schedule(Runnable task, long delayNanos) {
    var scheduled = loop.schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  long nowNanos() {
    return System.nanoTime();
  }

  boolean isOpen() {
    return !group.isShuttingDown();
  }

  @Override
  public void close() {
    var unused = group.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
  }
}
