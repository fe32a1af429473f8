package raftkv.node;

import raftkv.port.Fence;
import raftkv.port.StateHash;

/** Answer to a {@link HashRequest}. */
public sealed interface HashAnswer {
  /** The state after that index has that hash here. */
  record Found(long index, StateHash hash) implements HashAnswer {}

  /** Too long ago: hashes are kept from {@code oldestIndex} to {@code appliedIndex}. */
  record Compacted(long oldestIndex, long appliedIndex) implements HashAnswer {}

  /** Not applied within the deadline. */
  record FutureIndex(long wanted, long appliedIndex) implements HashAnswer {}

  /** This replica differs from the others and gives no results. */
  record Diverged(Fence fence) implements HashAnswer {}

  /** This node is recovering, comparing its state with the others', or stopping. */
  record NotReady(String what) implements HashAnswer {}

  /** Too many requests wait. */
  record Overloaded(String what) implements HashAnswer {}
}
