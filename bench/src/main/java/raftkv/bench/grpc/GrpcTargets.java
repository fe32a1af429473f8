package raftkv.bench.grpc;

import java.io.IOException;
import java.util.Set;
import raftkv.bench.target.Target;
import raftkv.bench.target.TargetFactory;
import raftkv.client.CallStyle;

/** The targets of this package by name. */
public final class GrpcTargets implements TargetFactory {
  /** For the service loader. */
  public GrpcTargets() {}

  @Override
  public Set<String> names() {
    return Set.of("raftkv", "raftkv-client", "raftkv-pipeline", "etcd", "echo");
  }

  @Override
  public Target connect(String name, Place place) throws IOException {
    return switch (name) {
      case "raftkv" -> KvTarget.toLeader(place);
      case "raftkv-client" -> new ClientTarget(place, CallStyle.UNARY);
      case "raftkv-pipeline" -> new ClientTarget(place, CallStyle.PIPELINE);
      case "etcd" -> EtcdTarget.toLeader(place);
      case "echo" -> KvTarget.to(place.endpoints().get(0), "an echo that stores nothing");
      default -> throw new IllegalArgumentException(name);
    };
  }
}
