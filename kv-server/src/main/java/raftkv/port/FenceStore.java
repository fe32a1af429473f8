package raftkv.port;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the {@link Fence} of a diverged replica through restarts: kept in memory only, a restarted
 * replica would serve its wrong state (hazard 121).
 */
public interface FenceStore {
  /** What was found when the directory was opened; null if this replica is not fenced. */
  @Nullable Fence raised();

  /**
   * Makes the fence durable (file, rename, directory), once the disk has room for it. Called from
   * the loop, never blocks.
   *
   * @param done called exactly once, on any thread: with null when it is forced, else with what
   *     went wrong, which ends the node
   */
  void raise(Fence fence, Consumer<@Nullable StorageFailure> done);

  /**
   * Takes the fence away durably: the replica's state was replaced. Called from the loop, never
   * blocks.
   *
   * @param done as of {@link #raise}
   */
  void lower(Consumer<@Nullable StorageFailure> done);
}
