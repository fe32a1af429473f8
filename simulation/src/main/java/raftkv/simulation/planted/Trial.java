package raftkv.simulation.planted;

import org.jspecify.annotations.Nullable;
import raftkv.simulation.RunResult;
import raftkv.simulation.SimWorld;

/** Runs a seed with the code that this class was loaded with: {@link Planting} loads another. */
public final class Trial {
  private Trial() {}

  /** What the seed's checkers saw, or null. */
  public static @Nullable String run(long seed) {
    RunResult result = new SimWorld(seed, null).run();
    return result.failure();
  }
}
