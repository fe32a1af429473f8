package raftkv.simulation.node;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import raftkv.kv.KvStateMachine;
import raftkv.node.NodeFailure;
import raftkv.node.Requests;
import raftkv.raft.NodeId;
import raftkv.simulation.disk.SimDisk;
import raftkv.simulation.time.Life;
import raftkv.simulation.time.SimEventLoop;
import raftkv.storage.wal.RecoveredLog;

/** One machine of the cluster, on which a process runs or does not. */
public final class SimNode {
  /** How a process ends that was not asked to. */
  public enum End {
    /** It alone is killed: the page cache stays, and its peers are told at once. */
    KILLED,
    /** The machine loses its power: what was not forced is in doubt, and nobody is told. */
    POWER_CUT
  }

  private final Machine at;
  private final long seed;
  private final int drift;
  private final BiConsumer<SimNode, NodeFailure> failures;
  private @Nullable NodeRun process;
  private @Nullable Life life;
  private @Nullable SimEventLoop loop;
  private @Nullable Requests requests;
  private int starts;

  /**
   * A machine on which nothing runs.
   *
   * @param seed of all that its processes draw
   * @param drift of its clock, in 1,024ths
   * @param failures told when a process ends itself, or refuses to start
   */
  public SimNode(Machine at, long seed, int drift, BiConsumer<SimNode, NodeFailure> failures) {
    this.at = at;
    this.seed = seed;
    this.drift = drift;
    this.failures = failures;
  }

  /** Which one. */
  public NodeId id() {
    return at.id();
  }

  /** Its disk. */
  public SimDisk disk() {
    return at.disk();
  }

  /** Whether a process runs, or tries to start. */
  public boolean isUp() {
    return life != null;
  }

  /** Whether its process has come as far as taking requests. */
  public boolean isServing() {
    return process != null;
  }

  /** Whether a thread of the process waits for a call that never returns. */
  public boolean isHung() {
    return process != null && process.isHung();
  }

  /** How often a process was started here. */
  public int starts() {
    return starts;
  }

  /** Starts a process where none runs. */
  public void start() {
    starts++;
    Life begun = new Life(at.timeline());
    life = begun;
    SimEventLoop begunLoop = new SimEventLoop(at.timeline(), begun, drift);
    loop = begunLoop;
    new NodeStart(
            at,
            begun,
            begunLoop,
            seed + starts,
            failure -> onFailure(begun, failure),
            new Beginning(begun))
        .begin();
  }

  /** Takes note of how far a start has come. */
  private final class Beginning implements NodeStart.Progress {
    private final Life of;

    Beginning(Life of) {
      this.of = of;
    }

    @Override
    public void answers(Requests instead) {
      requests = instead;
    }

    @Override
    public void runs(NodeRun run) {
      process = run;
      requests = run.requests();
    }

    @Override
    public void refuses(NodeFailure failure) {
      onFailure(of, failure);
    }
  }

  private void onFailure(Life of, NodeFailure failure) {
    at.timeline()
        .after(
            0,
            () -> {
              if (of.isOn()) {
                failures.accept(this, failure);
              }
            });
  }

  /** Ends the process that runs. */
  public void end(End how) {
    Life ending = life;
    if (ending == null) {
      throw new IllegalStateException("nothing runs here");
    }
    ending.end();
    life = null;
    process = null;
    loop = null;
    requests = null;
    at.network().gone(id(), how == End.KILLED);
    if (how == End.KILLED) {
      disk().kill();
    } else {
      disk().losePower();
    }
    at.watch().ended(id());
  }

  /** Asks the process to stop, and tells when it is about to exit. */
  public void stop(Runnable stopped) {
    NodeRun stopping = process;
    if (stopping != null) {
      Life of = stopping.life();
      stopping.stop(
          () ->
              at.timeline()
                  .after(
                      0,
                      () -> {
                        if (of.isOn()) {
                          stopped.run();
                        }
                      }));
    }
  }

  /** Replaces the volume by an empty one, while nothing runs. */
  public void wipe() {
    disk().wipe();
    at.watch().wiped(id());
  }

  /** All threads stand still for so long. */
  public void pause(long nanos) {
    if (process != null) {
      process.pause(nanos);
    }
  }

  /** The loop stands still after so many more calls to the outside, in the middle of its turn. */
  public void pauseInTurn(int calls, long nanos) {
    SimEventLoop running = loop;
    if (running != null) {
      running.pauseAfter(calls, nanos);
    }
  }

  /** What its process does for callers; null while none takes requests. */
  public @Nullable Requests requests() {
    return requests;
  }

  /** The present process; null while none takes requests. */
  public @Nullable SimEventLoop loop() {
    return loop;
  }

  /** Its replica of the state, to be read in callbacks of {@link #requests()} only. */
  public KvStateMachine machine() {
    NodeRun running = process;
    if (running == null) {
      throw new IllegalStateException("nothing runs here");
    }
    return running.machine();
  }

  /** What the last start found in the log; null while no process takes requests. */
  public RecoveredLog.@Nullable Facts facts() {
    return process == null ? null : process.facts();
  }
}
