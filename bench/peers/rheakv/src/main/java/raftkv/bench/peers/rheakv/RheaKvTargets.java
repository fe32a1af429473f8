package raftkv.bench.peers.rheakv;

import java.io.IOException;
import java.util.Set;
import raftkv.bench.target.Target;
import raftkv.bench.target.TargetFactory;

/** The targets of this package by name. */
public final class RheaKvTargets implements TargetFactory {
  private static final String UNBATCHED = "rheakv-unbatched";

  /** For the service loader. */
  public RheaKvTargets() {}

  @Override
  public Set<String> names() {
    return Set.of("rheakv", UNBATCHED);
  }

  @Override
  public Target connect(String name, Place place) throws IOException {
    return name.equals(UNBATCHED)
        ? RheaKvTarget.unbatched(place.endpoints())
        : RheaKvTarget.batched(place.endpoints());
  }
}
