package raftkv.storage.snapshot;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSource;
import raftkv.port.SnapshotStore.Incoming;
import raftkv.port.SnapshotStore.Received;
import raftkv.port.SnapshotStore.Saved;
import raftkv.port.StateCapture;
import raftkv.port.Worker;
import raftkv.raft.Bytes;
import raftkv.raft.NodeId;
import raftkv.storage.disk.DataDirectory;

/** One node's snapshots on one disk, with the worker in the test's hands. */
final class SnapshotFixture implements Worker {
  final List<String> warnings = new ArrayList<>();
  final DataDirectory directory;
  final SnapshotRecovery.Found found;
  final FileSnapshotStore store;

  int pauses;

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

  SnapshotFixture(Disk disk) {
    directory = DataDirectory.open(disk, new NodeId(1), warnings::add);
    boolean done = false;
    try {
      found = SnapshotRecovery.recover(directory, StoredStates.readers(), warnings::add);
      done = true;
    } finally {
      if (!done) {
        directory.close();
      }
    }
    store =
        new FileSnapshotStore(
            disk, this, this::pause, StoredStates.readers(), found.stored(), warnings::add);
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  private void pause(Runnable next) {
    pauses++;
    tasks.add(next);
  }

  /** Runs the worker until nothing waits. */
  void run() {
    while (runOne()) {
      // until nothing waits
    }
  }

  boolean runOne() {
    Runnable task = tasks.poll();
    if (task != null) {
      task.run();
    }
    return task != null;
  }

  Saved save(StateCapture capture) {
    List<Saved> outcome = new ArrayList<>();
    store.save(capture, StoredStates.TERM, outcome::add);
    run();
    return outcome.get(0);
  }

  SnapshotFile saved(long index) {
    return ((Saved.Durable) save(StoredStates.at(index).machine.captureState())).file();
  }

  /** Reads a piece; null if the file must not be sent. */
  @Nullable Bytes read(SnapshotSource source, long offset, int maxBytes) {
    List<@Nullable Bytes> pieces = new ArrayList<>();
    source.read(offset, maxBytes, pieces::add);
    run();
    return pieces.get(0);
  }

  /** Takes a whole snapshot from another store's file, in pieces of that size. */
  Received receive(SnapshotFixture from, SnapshotFile file, int pieceBytes) {
    SnapshotSource source = from.store.open(file);
    Incoming incoming = store.receive(file);
    Bytes piece = from.read(source, 0, pieceBytes);
    for (long offset = 0; piece != null && piece.length() > 0; ) {
      take(incoming, piece);
      offset += piece.length();
      piece = from.read(source, offset, pieceBytes);
    }
    source.close();
    from.run();
    return finish(incoming);
  }

  void take(Incoming incoming, Bytes piece) {
    boolean[] asked = new boolean[1];
    incoming.take(piece, () -> asked[0] = true);
    run();
    if (!asked[0]) {
      throw new AssertionError("no further piece was asked for");
    }
  }

  Received finish(Incoming incoming) {
    List<Received> outcome = new ArrayList<>();
    incoming.finish(outcome::add);
    run();
    return outcome.get(0);
  }
}
