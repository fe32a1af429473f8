package raftkv.bench.grpc;

import io.grpc.ManagedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The connections of a target to one node: calls take them in turn. */
final class Links {
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();

  Links(Channels all, String endpoint, int count) {
    for (int i = 0; i < count; i++) {
      channels.add(all.open(endpoint));
    }
  }

  ManagedChannel next() {
    return channels.size() == 1
        ? channels.get(0)
        : channels.get(Math.floorMod(turn.getAndIncrement(), channels.size()));
  }

  @Override
  public String toString() {
    return channels.size() == 1 ? "to the leader" : channels.size() + " connections to the leader";
  }
}
