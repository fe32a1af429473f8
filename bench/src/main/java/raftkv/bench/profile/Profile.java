package raftkv.bench.profile;

import java.time.Duration;

/** What a recording says, counted by place. */
final class Profile {
  private final Tally self = new Tally();
  private final Tally ours = new Tally();
  private final Tally inclusive = new Tally();
  private final Tally nativeSelf = new Tally();
  private final Tally allocatedClasses = new Tally();
  private final Tally allocationSites = new Tally();
  private long samples;
  private long pauses;
  private Duration paused = Duration.ZERO;
  private Duration longestPause = Duration.ZERO;

  /** A thread was seen running Java code. */
  void ran(Stack stack) {
    samples++;
    self.add(stack.self(), 1);
    ours.add(stack.ours(), 1);
    stack.allOurs().forEach(method -> inclusive.add(method, 1));
  }

  /** A thread was seen in native code, working or waiting: a recording does not tell. */
  void wasNative(String thread, Stack stack) {
    nativeSelf.add(thread + ": " + stack.self(), 1);
  }

  /** An object was made that stands for so many bytes. */
  void allocated(String type, long bytes, Stack stack) {
    allocatedClasses.add(type, bytes);
    allocationSites.add(stack.site(), bytes);
  }

  /** The collector stopped all threads. */
  void paused(Duration pause) {
    pauses++;
    paused = paused.plus(pause);
    if (pause.compareTo(longestPause) > 0) {
      longestPause = pause;
    }
  }

  Tally self() {
    return self;
  }

  Tally ours() {
    return ours;
  }

  /** Shares of this one are of {@link #samples}, since a sample is in many of its places. */
  Tally inclusive() {
    return inclusive;
  }

  Tally nativeSelf() {
    return nativeSelf;
  }

  Tally allocatedClasses() {
    return allocatedClasses;
  }

  Tally allocationSites() {
    return allocationSites;
  }

  long samples() {
    return samples;
  }

  long pauses() {
    return pauses;
  }

  Duration paused() {
    return paused;
  }

  Duration longestPause() {
    return longestPause;
  }
}
