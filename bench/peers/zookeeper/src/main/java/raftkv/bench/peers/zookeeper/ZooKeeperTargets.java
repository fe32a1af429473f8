package raftkv.bench.peers.zookeeper;

import java.io.IOException;
import java.util.Set;
import raftkv.bench.target.Target;
import raftkv.bench.target.TargetFactory;

/** The one target of this package. */
public final class ZooKeeperTargets implements TargetFactory {
  /** For the service loader. */
  public ZooKeeperTargets() {}

  @Override
  public Set<String> names() {
    return Set.of("zookeeper");
  }

  @Override
  public Target connect(String name, Place place) throws IOException, InterruptedException {
    return ZooKeeperTarget.toLeader(place.endpoints());
  }
}
