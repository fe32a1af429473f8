package raftkv.node;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.Fence;
import raftkv.port.FenceStore;
import raftkv.port.StorageFailure;

/** A fence that is durable when the test says so, or at once. */
final class MemoryFence implements FenceStore {
  private @Nullable Fence durable;
  private final List<Runnable> waiting = new ArrayList<>();
  boolean slow;

  @Override
  public @Nullable Fence raised() {
    return durable;
  }

  @Override
  public void raise(Fence fence, Consumer<@Nullable StorageFailure> done) {
    Runnable force =
        () -> {
          durable = fence;
          done.accept(null);
        };
    if (slow) {
      waiting.add(force);
    } else {
      force.run();
    }
  }

  @Override
  public void lower(Consumer<@Nullable StorageFailure> done) {
    Runnable force =
        () -> {
          durable = null;
          done.accept(null);
        };
    if (slow) {
      waiting.add(force);
    } else {
      force.run();
    }
  }

  /** The process has died before anything was forced. */
  void forget() {
    waiting.clear();
  }

  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  void force() {
    waiting.forEach(Runnable::run);
    waiting.clear();
  }
}
