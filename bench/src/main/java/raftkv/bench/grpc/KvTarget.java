package raftkv.bench.grpc;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import raftkv.bench.target.Target;
import raftkv.bench.target.TargetFactory;
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
  private final Links links;
  private final String words;

  private KvTarget(Channels channels, Links links, String words) {
    this.channels = channels;
    this.links = links;
    this.words = words;
  }

  /** Connects to the node that leads. */
  static KvTarget toLeader(TargetFactory.Place place) throws IOException {
    Channels channels = new Channels();
    for (String endpoint : place.endpoints()) {
      String leader = leaderBy(channels.open(endpoint));
      if (!leader.isEmpty()) {
        Links links = new Links(channels, leader, place.connections());
        return new KvTarget(channels, links, "raftkv, stubs, " + links);
      }
    }
    channels.close();
    throw new IOException("none of " + place.endpoints() + " knows a leader");
  }

  /** Connects to that node, whoever leads. */
  static KvTarget to(String endpoint, String words) {
    Channels channels = new Channels();
    return new KvTarget(channels, new Links(channels, endpoint, 1), words);
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
    Unary.call(links.next(), KvServiceGrpc.getPutMethod(), request, answer -> null, ending);
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
    Unary.call(links.next(), KvServiceGrpc.getGetMethod(), request, KvTarget::valueOf, ending);
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
