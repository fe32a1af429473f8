package raftkv.bench.failover;

import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.stub.ClientCalls;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import raftkv.proto.etcd.MaintenanceGrpc;
import raftkv.proto.etcd.StatusRequest;
import raftkv.proto.etcd.StatusResponse;

/** etcd, by stubs of its own interface. */
final class EtcdContender implements Contender {
  private static final long MAX_LAG = 1_000;
  private static final int CONNECT_TIMEOUT_MILLIS = 1_000;

  private final Launch launch;
  private final List<ManagedChannel> askers;

  EtcdContender(Launch launch) {
    this.launch = launch;
    this.askers = connect();
  }

  private List<ManagedChannel> connect() {
    List<ManagedChannel> channels = new ArrayList<>();
    for (int id = 1; id <= launch.nodes(); id++) {
      channels.add(
          NettyChannelBuilder.forAddress(new InetSocketAddress(Layout.host(id), Layout.CLIENT_PORT))
              .usePlaintext()
              .directExecutor()
              .disableRetry()
              .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
              .build());
    }
    return channels;
  }

  @Override
  public Launch launch() {
    return launch;
  }

  @Override
  public List<String> command(int id, Path data) {
    return launch.command(
        id,
        List.of(
            "--name=node" + id,
            "--data-dir=" + data,
            "--listen-client-urls=http://" + Layout.client(id),
            "--advertise-client-urls=http://" + Layout.client(id),
            "--listen-peer-urls=http://" + Layout.peer(id),
            "--initial-advertise-peer-urls=http://" + Layout.peer(id),
            "--initial-cluster="
                + launch.members(member -> "node" + member + "=http://" + Layout.peer(member)),
            "--initial-cluster-state=new"));
  }

  @Override
  public int healthyLeader() {
    List<StatusResponse> answers = new ArrayList<>();
    for (ManagedChannel channel : askers) {
      if (channel.getState(true) == ConnectivityState.TRANSIENT_FAILURE) {
        channel.resetConnectBackoff();
      }
      try {
        answers.add(
            ClientCalls.blockingUnaryCall(
                channel,
                MaintenanceGrpc.getStatusMethod(),
                CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.SECONDS),
                StatusRequest.getDefaultInstance()));
      } catch (StatusRuntimeException silent) {
        return 0;
      }
    }
    return leaderOf(answers);
  }

  /** The member that all name in one term, if all follow closely; else 0. */
  static int leaderOf(List<StatusResponse> answers) {
    long leader = answers.get(0).getLeader();
    long term = answers.get(0).getRaftTerm();
    long highest = answers.stream().mapToLong(StatusResponse::getRaftIndex).max().orElse(0);
    int found = 0;
    for (int i = 0; i < answers.size(); i++) {
      StatusResponse answer = answers.get(i);
      if (answer.getLeader() != leader
          || answer.getRaftTerm() != term
          || highest - answer.getRaftIndex() > MAX_LAG) {
        return 0;
      }
      found = answer.getHeader().getMemberId() == leader ? i + 1 : found;
    }
    return leader == 0 ? 0 : found;
  }

  @Override
  public Writer newWriter(ClientTrace trace) {
    return new EtcdWriter(connect(), trace);
  }

  @Override
  public LogWords words() {
    return LogWords.ETCD;
  }

  @Override
  public void close() {
    askers.forEach(ManagedChannel::shutdownNow);
  }
}
