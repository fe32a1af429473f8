package raftkv.bench.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import raftkv.bench.target.Target;
import raftkv.bench.target.TargetFactory;
import raftkv.proto.etcd.KVGrpc;
import raftkv.proto.etcd.MaintenanceGrpc;
import raftkv.proto.etcd.PutRequest;
import raftkv.proto.etcd.RangeRequest;
import raftkv.proto.etcd.RangeResponse;
import raftkv.proto.etcd.StatusRequest;
import raftkv.proto.etcd.StatusResponse;

/** etcd, by stubs from its own proto file, connected to the member that leads. */
final class EtcdTarget implements Target {
  private final Channels channels;
  private final Links links;
  private final String version;

  private EtcdTarget(Channels channels, Links links, String version) {
    this.channels = channels;
    this.links = links;
    this.version = version;
  }

  static EtcdTarget toLeader(TargetFactory.Place place) throws IOException {
    Channels channels = new Channels();
    for (String endpoint : place.endpoints()) {
      ManagedChannel channel = channels.open(endpoint);
      StatusResponse status = statusBy(channel);
      if (status.getLeader() != 0 && status.getLeader() == status.getHeader().getMemberId()) {
        Links links = new Links(channels, endpoint, place.connections());
        return new EtcdTarget(channels, links, status.getVersion());
      }
    }
    channels.close();
    throw new IOException("none of " + place.endpoints() + " leads");
  }

  /** What that member says; nothing if it does not answer. */
  private static StatusResponse statusBy(ManagedChannel member) {
    StatusRequest question = StatusRequest.getDefaultInstance();
    try {
      return Unary.ask(member, MaintenanceGrpc.getStatusMethod(), question);
    } catch (StatusRuntimeException silent) {
      return StatusResponse.getDefaultInstance();
    }
  }

  @Override
  public void put(String key, byte[] value, Ending ending) {
    PutRequest request =
        PutRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8(key))
            .setValue(UnsafeByteOperations.unsafeWrap(value))
            .build();
    Unary.call(links.next(), KVGrpc.getPutMethod(), request, answer -> null, ending);
  }

  @Override
  public void get(String key, Ending ending) {
    read(RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build(), ending);
  }

  @Override
  public void getStale(String key, Ending ending) {
    read(
        RangeRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8(key))
            .setSerializable(true)
            .build(),
        ending);
  }

  private void read(RangeRequest request, Ending ending) {
    Unary.call(links.next(), KVGrpc.getRangeMethod(), request, EtcdTarget::valueOf, ending);
  }

  private static byte @Nullable [] valueOf(RangeResponse answer) {
    return answer.getKvsCount() == 0 ? null : answer.getKvs(0).getValue().toByteArray();
  }

  @Override
  public String describe() {
    return "etcd " + version + ", stubs, " + links;
  }

  @Override
  public void close() {
    channels.close();
  }
}
