package raftkv.client.fake;

import com.google.protobuf.MessageLite;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import raftkv.proto.kv.v1.ResponseHeader;

/**
 * One node. Each data call takes the next treatment of its script, each status question too if it
 * has a script of its own; without one the call is simply answered. All nodes share the store, so
 * each can answer everything.
 */
public final class FakeNode implements AutoCloseable {
  private final FakeCluster cluster;
  private final int id;
  private final int port;
  private Server server;
  private final Deque<Treatment> script = new ArrayDeque<>();
  private final List<MessageLite> received = new ArrayList<>();
  private final List<FakePipeline> pipelines = new ArrayList<>();
  private int pipelinesOpened;
  private int leaderQuestions;
  private int pipelinesRefused;
  private boolean hung;
  private boolean old;

  FakeNode(FakeCluster cluster, int id) {
    this.cluster = cluster;
    this.id = id;
    this.server = start(0);
    this.port = server.getPort();
  }

  /** Its node id. */
  public int id() {
    return id;
  }

  /** Its port. */
  public int port() {
    return port;
  }

  /** Where it listens, as a client is told. */
  public String endpoint() {
    return "localhost:" + port;
  }

  /** Adds how it treats its next data calls, one each. */
  public synchronized FakeNode next(Treatment... treatments) {
    script.addAll(List.of(treatments));
    return this;
  }

  /** From now on it takes every call and answers none, status questions included. */
  public synchronized void hang() {
    hung = true;
  }

  /** It is of a version that knows no pipelines. */
  public synchronized FakeNode withoutPipelines() {
    old = true;
    return this;
  }

  /** Ends all pipelines that are open, with that status. */
  public void endPipelines(StatusRuntimeException status) {
    List<FakePipeline> ended;
    synchronized (this) {
      ended = List.copyOf(pipelines);
      pipelines.clear();
    }
    ended.forEach(pipeline -> pipeline.end(status));
  }

  /** How many pipelines clients have opened. */
  public synchronized int pipelinesOpened() {
    return pipelinesOpened;
  }

  /** How often clients have asked for one in vain. */
  public synchronized int pipelinesRefused() {
    return pipelinesRefused;
  }

  synchronized boolean hasPipelines() {
    pipelinesRefused += old ? 1 : 0;
    return !old;
  }

  synchronized FakePipeline opened(FakePipeline pipeline) {
    pipelines.add(pipeline);
    pipelinesOpened++;
    return pipeline;
  }

  /** Nothing listens on its port any more, and its connections are gone. */
  public void stop() {
    server.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** It listens again, on the same port. */
  public void restart() {
    server = start(port);
  }

  /** The data requests that it was sent, in order. */
  public synchronized List<MessageLite> received() {
    return List.copyOf(received);
  }

  /** How often it was asked who leads, by a read that a real node holds until it knows. */
  public synchronized int leaderQuestions() {
    return leaderQuestions;
  }

  ResponseHeader header() {
    FakeCluster.Leadership leadership = cluster.leadership();
    ResponseHeader.Builder header =
        ResponseHeader.newBuilder()
            .setClusterId("00112233445566778899aabbccddeeff")
            .setNodeId(id)
            .setTerm(leadership.term())
            .setAppliedIndex(cluster.store().index())
            .setLeaderId(leadership.leaderId());
    if (leadership.leaderId() > 0) {
      header.setLeaderEndpoint(cluster.internalNameOf(leadership.leaderId()));
    }
    return header.build();
  }

  FakeCluster cluster() {
    return cluster;
  }

  <A> void onData(MessageLite request, Supplier<A> apply, StreamObserver<A> observer) {
    Treatment treatment;
    synchronized (this) {
      received.add(request);
      Treatment scripted = script.poll();
      treatment = hung ? Treatment.swallow() : scripted == null ? Treatment.answer() : scripted;
    }
    treatment.treat(apply, new Reply<>(this, observer));
  }

  <A> void onLeaderQuestion(Supplier<A> apply, StreamObserver<A> observer) {
    synchronized (this) {
      leaderQuestions++;
    }
    onStatus(apply, observer);
  }

  <A> void onStatus(Supplier<A> apply, StreamObserver<A> observer) {
    boolean answers;
    synchronized (this) {
      answers = !hung;
    }
    if (answers) {
      new Reply<>(this, observer).answer(apply.get());
    }
  }

  private Server start(int wanted) {
    try {
      return NettyServerBuilder.forAddress(new InetSocketAddress("localhost", wanted))
          .directExecutor()
          .addService(new FakeKvService(this))
          .addService(new FakeClusterService(this))
          .build()
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  /** The ways in which a call can end. */
  public static final class Reply<A> {
    private final FakeNode node;
    private final StreamObserver<A> observer;

    Reply(FakeNode node, StreamObserver<A> observer) {
      this.node = node;
      this.observer = observer;
    }

    void answer(A answer) {
      observer.onNext(answer);
      observer.onCompleted();
    }

    void fail(StatusRuntimeException failure) {
      observer.onError(failure);
    }

    void swallow() {
      // The call stays open until its deadline.
    }

    void crash() {
      node.server.shutdownNow();
    }
  }
}
