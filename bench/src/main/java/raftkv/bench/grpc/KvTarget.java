package raftkv.bench.grpc;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.bench.target.Target;
import raftkv.proto.kv.v1.Consistency;
import raftkv.proto.kv.v1.GetRequest;
import raftkv.proto.kv.v1.GetResponse;
import raftkv.proto.kv.v1.KvServiceGrpc;
import raftkv.proto.kv.v1.PutRequest;
import raftkv.proto.kv.v1.ReadOptions;

/**
 * This system by the stubs that are generated from its proto file, as any user's are: no session,
 * like a put of etcd.
 */
final class KvTarget implements Target {
  private static final ReadOptions STALE =
      ReadOptions.newBuilder().setConsistency(Consistency.CONSISTENCY_STALE).build();

  private final Channels channels;
  private final ManagedChannel channel;
  private final String words;

  private KvTarget(Channels channels, ManagedChannel channel, String words) {
    this.channels = channels;
    this.channel = channel;
    this.words = words;
  }

  /** Connects to the node that leads. */
  static KvTarget toLeader(List<String> endpoints) throws IOException {
    Channels channels = new Channels();
    for (String endpoint : endpoints) {
      String leader = leaderBy(channels.open(endpoint));
      if (!leader.isEmpty()) {
        return new KvTarget(channels, channels.open(leader), "raftkv, stubs, to the leader");
      }
    }
    channels.close();
    throw new IOException("none of " + endpoints + " knows a leader");
  }

  /** Connects to that node, whoever leads. */
  static KvTarget to(String endpoint, String words) {
    Channels channels = new Channels();
    return new KvTarget(channels, channels.open(endpoint), words);
  }

  private static String leaderBy(ManagedChannel node) {
    GetRequest question = GetRequest.newBuilder().setKey("bench-probe").setRead(STALE).build();
    try {
      return Unary.ask(node, KvServiceGrpc.getGetMethod(), question)
          .getHeader()
          .getLeaderEndpoint();
    } catch (StatusRuntimeException silent) {
      return "";
    }
  }

  @Override
  public void put(String key, byte[] value, Ending ending) {
    PutRequest request =
        PutRequest.newBuilder()
            .setKey(key)
            .setBytesValue(UnsafeByteOperations.unsafeWrap(value))
            .build();
    Unary.call(channel, KvServiceGrpc.getPutMethod(), request, answer -> null, ending);
  }

  @Override
  public void get(String key, Ending ending) {
    read(GetRequest.newBuilder().setKey(key).build(), ending);
  }

  @Override
  public void getStale(String key, Ending ending) {
    read(GetRequest.newBuilder().setKey(key).setRead(STALE).build(), ending);
  }

  private void read(GetRequest request, Ending ending) {
    Unary.call(channel, KvServiceGrpc.getGetMethod(), request, KvTarget::valueOf, ending);
  }

  private static byte @Nullable [] valueOf(GetResponse answer) {
    return answer.getFound() ? answer.getBytesValue().toByteArray() : null;
  }

  @Override
  public String describe() {
    return words;
  }

  @Override
  public void close() {
    channels.close();
  }
}
