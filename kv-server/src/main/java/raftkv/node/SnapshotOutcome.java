package raftkv.node;

import raftkv.port.Fence;
import raftkv.port.SnapshotFile;

/** What became of a request for a snapshot. */
public sealed interface SnapshotOutcome {
  /** It is durable; it may have been there before, if nothing was applied since. */
  record Taken(SnapshotFile file) implements SnapshotOutcome {}

  /** This node cannot take one now, or could not within the deadline. */
  record NotReady(String why) implements SnapshotOutcome {}

  /** There is no room for it. */
  record NoRoom() implements SnapshotOutcome {}

  /** This replica differs from the others: its state is not worth keeping. */
  record Diverged(Fence fence) implements SnapshotOutcome {}

  /** Too many requests wait. */
  record Overloaded(String what) implements SnapshotOutcome {}
}
