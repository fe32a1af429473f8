package raftkv.simulation.node;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.Fence;
import raftkv.port.FenceStore;
import raftkv.port.StorageFailure;
import raftkv.raft.NodeId;
import raftkv.simulation.time.Life;
import raftkv.simulation.time.Timeline;

/** The real fence store; what it reports comes at the file worker's clock. */
record TimedFences(FenceStore store, NodeId node, Watch watch, Timeline timeline, Life life)
    implements FenceStore {
  @Override
  public @Nullable Fence raised() {
    return store.raised();
  }

  @Override
  public void raise(Fence fence, Consumer<@Nullable StorageFailure> done) {
    watch.fenced(node, fence);
    store.raise(
        fence,
        failure ->
            timeline.after(
                0,
                () -> {
                  if (life.isOn()) {
                    done.accept(failure);
                  }
                }));
  }

  @Override
  public void lower(Consumer<@Nullable StorageFailure> done) {
    store.lower(
        failure ->
            timeline.after(
                0,
                () -> {
                  if (life.isOn()) {
                    done.accept(failure);
                  }
                }));
  }
}
