package raftkv.simulation.node;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.kv.KvStateMachine;
import raftkv.node.NodeFailure;
import raftkv.node.Requests;
import raftkv.node.Restoration;
import raftkv.node.Restoration.Outcome;
import raftkv.port.ExitCode;
import raftkv.port.LogFragments;
import raftkv.port.SnapshotFile;
import raftkv.port.StateImage;
import raftkv.port.StorageFailure;
import raftkv.raft.DurableState;
import raftkv.raft.SnapshotMeta;
import raftkv.simulation.time.HungCall;
import raftkv.simulation.time.Life;
import raftkv.simulation.time.SimEventLoop;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.snapshot.FileSnapshotStore;
import raftkv.storage.snapshot.SnapshotRecovery;
import raftkv.storage.wal.DamagedLog;
import raftkv.storage.wal.LogRecovery;
import raftkv.storage.wal.RecoveredLog;

/**
 * The start of the server program on a node: directory, snapshots, log; if the log is damaged, its
 * healing out of the peers' logs; then the node.
 */
final class NodeStart {
  /** What a start leads to. */
  interface Progress {
    /** The node does not serve yet, but answers. */
    void answers(Requests requests);

    /** The node is there. */
    void runs(NodeRun run);

    /** It refuses to start. */
    void refuses(NodeFailure failure);
  }

  private final Machine at;
  private final Life life;
  private final SimEventLoop loop;
  private final long seed;
  private final Consumer<NodeFailure> failures;
  private final Progress progress;

  NodeStart(
      Machine at,
      Life life,
      SimEventLoop loop,
      long seed,
      Consumer<NodeFailure> failures,
      Progress progress) {
    this.at = at;
    this.life = life;
    this.loop = loop;
    this.seed = seed;
    this.failures = failures;
    this.progress = progress;
  }

  /** Begins; takes as long as the disk does. */
  void begin() {
    guarded(
        () -> {
          DataDirectory directory = DataDirectory.open(at.disk(), at.id(), at.warnings());
          Started found = new Started(directory);
          found.restore();
        });
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (StorageFailure refusal) {
      String sentence = String.valueOf(refusal.getMessage());
      progress.refuses(new NodeFailure(refusal.exitCode(), sentence, refusal));
    } catch (HungCall hung) {
      // It hangs while it starts, until somebody ends it.
      at.warnings().accept("the disk hangs");
    }
  }

  /** What is found in the directory, bit by bit. */
  private final class Started {
    private final DataDirectory directory;
    private final KvStateMachine machine = new KvStateMachine();
    private @Nullable SnapshotMeta snapshot;
    private @Nullable StateImage image;
    private List<SnapshotFile> stored = List.of();

    Started(DataDirectory directory) {
      this.directory = directory;
    }

    void restore() {
      SnapshotRecovery.Found found =
          SnapshotRecovery.recover(
              directory,
              new FileSnapshotStore.Readers(machine::reader, machine::checker),
              at.warnings());
      SnapshotFile newest = found.newest();
      snapshot = newest == null ? null : newest.meta();
      image = found.image();
      stored = found.stored();
      try {
        RecoveredLog recovered = LogRecovery.recover(directory, at.tuning().wal(), at.warnings());
        recovered.checkReaches(snapshot);
        run(recovered);
      } catch (StorageFailure failure) {
        if (failure.exitCode() != ExitCode.DAMAGED) {
          throw failure;
        }
        heal(DamagedLog.examine(directory, at.tuning().wal(), snapshot));
      }
    }

    private void heal(DamagedLog damaged) {
      Restoration restoration =
          new Restoration(
              at.tuning().node(at.id(), at.members()),
              loop,
              at.network().connect(at.id(), life, loop),
              damaged.fragments(),
              outcome -> at.timeline().after(0, () -> goOn(damaged, outcome)));
      progress.answers(restoration.requests());
      restoration.start();
    }

    private void goOn(DamagedLog damaged, Outcome outcome) {
      if (life.isOn()) {
        boolean healed = outcome instanceof Outcome.Healed;
        LogFragments text =
            outcome instanceof Outcome.Healed whole
                ? whole.text()
                : ((Outcome.Anew) outcome).text();
        guarded(
            () -> {
              at.watch().healed(at.id(), healed);
              at.disk().isMended();
              run(damaged.replaceBy(text, at.warnings()));
            });
      }
    }

    private void run(RecoveredLog recovered) {
      DurableState durable = recovered.startingFrom(snapshot);
      StateImage state = image;
      if (state != null) {
        machine.restore(state);
      }
      NodeRun.Storage storage = new NodeRun.Storage(directory, recovered, durable, machine, stored);
      progress.runs(new NodeRun(at, life, loop, seed, storage, failures));
    }
  }
}
