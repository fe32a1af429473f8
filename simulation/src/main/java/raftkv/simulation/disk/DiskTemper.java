package raftkv.simulation.disk;

import java.io.IOException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import raftkv.raft.Xoshiro256;
import raftkv.simulation.time.HungCall;
import raftkv.simulation.time.Timeline;

/** How a disk behaves: how long its calls take, which fail, which never come back. */
public final class DiskTemper {
  /** What a disk does with a write that it reports as done. */
  public enum Lie {
    /** Nothing. */
    LOSE,
    /** Writes it somewhere in front of its place. */
    MISDIRECT
  }

  private static final long CALL_NANOS = 4 * Timeline.MICRO;

  private final Timeline timeline;
  private final RandomGenerator random;
  private final long forceNanos;
  private long slowUntilNanos;
  private long stallNanos;
  private boolean hangs;
  private int callsToError = -1;
  private boolean failed;
  private @Nullable Lie lie;
  private int forcesToStrike;
  private @Nullable Runnable strike;

  /**
   * A healthy disk.
   *
   * @param forceNanos how long a force takes about
   */
  public DiskTemper(Timeline timeline, RandomGenerator random, long forceNanos) {
    this.timeline = timeline;
    this.random = random;
    this.forceNanos = forceNanos;
  }

  /** Forces take so much longer for a while. */
  public void slowDown(long eachForceNanos, long forNanos) {
    stallNanos = eachForceNanos;
    slowUntilNanos = timeline.baseNanos() + forNanos;
  }

  /** The next force, and all after it, never come back: until the process ends. */
  public void hang() {
    hangs = true;
  }

  /** A write or force fails, after so many that do not. */
  public void failAfter(int calls) {
    callsToError = calls;
  }

  /** Has something happen while a force is under way, after so many that are left alone. */
  public void strikeDuring(int forces, Runnable task) {
    forcesToStrike = forces;
    strike = task;
  }

  /** The next write to the log goes elsewhere, or nowhere, and is reported as done. */
  public void lieNext(Lie next) {
    lie = next;
  }

  /** What becomes of a write that is about to be made; a lie is told once. */
  @Nullable Lie takeLie() {
    Lie told = lie;
    lie = null;
    return told;
  }

  /** Whether it is going to tell a lie. */
  public boolean isGoingToLie() {
    return lie != null;
  }

  /** Whether a call of the process that runs has failed. */
  public boolean hasFailed() {
    return failed;
  }

  void fail() {
    failed = true;
  }

  /** All is well again, as after a change of the disk's cable. */
  public void recover() {
    hangs = false;
    callsToError = -1;
    lie = null;
    strike = null;
    slowUntilNanos = 0;
  }

  /** The process that was told of failures is gone. */
  void processEnds() {
    failed = false;
  }

  void call() {
    timeline.spend(CALL_NANOS);
  }

  void write(int bytes) throws IOException {
    maybeFail("write");
    timeline.spend(CALL_NANOS + bytes);
  }

  void force() throws IOException {
    if (hangs) {
      throw new HungCall();
    }
    long begin = timeline.nowNanos();
    timeline.spend(Xoshiro256.between(random, forceNanos / 2, forceNanos * 3 / 2));
    maybeStrike(begin);
    if (timeline.nowNanos() < slowUntilNanos) {
      timeline.spend(Xoshiro256.between(random, stallNanos / 2, stallNanos));
    }
    maybeFail("force");
  }

  private void maybeStrike(long beginNanos) {
    Runnable task = strike;
    if (task != null && forcesToStrike-- == 0) {
      strike = null;
      timeline.at(Xoshiro256.between(random, beginNanos, timeline.nowNanos()), task);
    }
  }

  private void maybeFail(String call) throws IOException {
    if (callsToError >= 0 && callsToError-- == 0) {
      fail();
      throw new IOException("Input/output error (simulated " + call + ")");
    }
  }
}
