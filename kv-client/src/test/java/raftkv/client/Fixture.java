package raftkv.client;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import raftkv.client.fake.FakeCluster;
import raftkv.client.fake.Refusal;
import raftkv.client.fake.Treatment;
import raftkv.proto.kv.v1.PutRequest;

/** A fake cluster and one client of it. */
final class Fixture implements AutoCloseable {
  private final FakeCluster cluster = new FakeCluster();
  private final List<String> trace = Collections.synchronizedList(new ArrayList<>());
  private final CallStyle style;
  private KvClient client;

  Fixture() {
    this(CallStyle.UNARY);
  }

  /** The client's requests travel in that way, also those of its blocking face. */
  Fixture(CallStyle style) {
    this.style = style;
    this.client = new KvClient(cluster.config().withTrace(trace::add), style);
  }

  FakeCluster cluster() {
    return cluster;
  }

  KvClient client() {
    return client;
  }

  List<String> trace() {
    return trace;
  }

  /** Replaces the client. */
  KvClient connect(ClientConfig config) {
    client.close();
    client = new KvClient(config, style);
    return client;
  }

  /** Replaces the client by one that knows only these nodes. */
  KvClient clientFor(Duration timeout, int... ids) {
    List<String> endpoints = new ArrayList<>();
    for (int id : ids) {
      endpoints.add(cluster.node(id).endpoint());
    }
    return connect(ClientConfig.of(endpoints).withTimeout(timeout));
  }

  KvException failureOf(Runnable call) {
    return Objects.requireNonNull(catchThrowableOfType(KvException.class, call::run));
  }

  PutRequest putReceived(int node, int number) {
    return (PutRequest) cluster.node(node).received().get(number);
  }

  static Treatment refuse(Code code, String reason, String outcome) {
    return Treatment.refuse(Refusal.of(code, reason, outcome));
  }

  static Treatment notLeader(int leaderId, long term) {
    return Treatment.refuse(
        Refusal.of(Code.UNAVAILABLE, "NOT_LEADER", "NOT_APPLIED")
            .with("leader_id", leaderId)
            .with("leader_endpoint", "node" + leaderId + ":900" + leaderId)
            .with("term", term));
  }

  @Override
  public void close() {
    client.close();
    cluster.close();
  }
}
