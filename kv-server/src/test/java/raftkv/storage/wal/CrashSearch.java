package raftkv.storage.wal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import raftkv.port.Disk;
import raftkv.port.StorageFailure;
import raftkv.raft.LogEntry;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.Remains;
import raftkv.storage.disk.Survival;

/**
 * Runs a script once, and in front of each call that changes the disk looks at everything that a
 * power cut could leave there: each must start, with all that was reported as persisted and nothing
 * that was not written. Of some of them the start is itself cut short in the same way; of some of
 * those, what is appended afterwards must be found again. In front of each call the process is also
 * killed alone, and the power cut at every call of the start that follows, and behind it.
 */
final class CrashSearch {
  /**
   * How far it looks.
   *
   * @param allSubsetsUpTo so many unforced sectors are lost in every combination; see {@link
   *     Remains}
   * @param startsCut of how many first crashes, one has every crash of its start looked at
   * @param appendsTried of how many starts, one is appended to and started again
   */
  record Bounds(int allSubsetsUpTo, int startsCut, int appendsTried) {
    /** What {@code verify} does. */
    static final Bounds SLICE = new Bounds(10, 5, 50);

    /** The whole. */
    static final Bounds WHOLE = new Bounds(12, 1, 10);
  }

  private final Bounds bounds;
  private final CrashScript.Preparation preparation;

  /** Between the log and the disk: the identity, or a disk with a fault. */
  private final UnaryOperator<Disk> between;

  private long calls;
  private long firstCrashes;
  private long secondCrashes;
  private long appends;

  CrashSearch(Bounds bounds, CrashScript.Preparation preparation, UnaryOperator<Disk> between) {
    this.bounds = bounds;
    this.preparation = preparation;
    this.between = between;
  }

  /** All of it; an {@link AssertionError} names the first crash that was not survived. */
  void run() {
    MemoryDisk disk = new MemoryDisk();
    PromisedStates blank = new PromisedStates();
    CrashScript[] script = new CrashScript[1];
    disk.guard(
        call -> {
          if (script[0] != null && call.startsWith("force segment-")) {
            while (script[0].maybePrepare()) {
              // its calls come through here as well
            }
          }
          if (changes(call)) {
            calls++;
            PromisedStates allowed = script[0] == null ? blank : script[0].states;
            cutPower(disk, call, allowed);
            kill(disk.afterKill(), call, allowed);
          }
        });
    Disk seen = between.apply(disk);
    script[0] = new CrashScript(seen, preparation);
    script[0].run(seen);
    disk.guard(call -> {});
    cutPower(disk, "the end", script[0].states);
  }

  long calls() {
    return calls;
  }

  /** Disks that were started from. */
  long states() {
    return firstCrashes + secondCrashes;
  }

  @Override
  public String toString() {
    return "%d calls of the disk; %d states after one power cut, %d after a second one in the start; %d continued"
        .formatted(calls, firstCrashes, secondCrashes, appends);
  }

  private static boolean changes(String call) {
    return call.startsWith("write ")
        || call.startsWith("force ")
        || call.startsWith("create ")
        || call.startsWith("rename ")
        || call.startsWith("delete ");
  }

  private void cutPower(MemoryDisk disk, String call, PromisedStates allowed) {
    for (Survival survival : Remains.of(disk, bounds.allSubsetsUpTo)) {
      firstCrashes++;
      String where = "power cut before call " + calls + ", " + call + ", leaving " + survival;
      MemoryDisk left = disk.remains(survival);
      List<Found> after = new ArrayList<>();
      if (firstCrashes % bounds.startsCut == 0) {
        left.guard(
            second -> {
              if (changes(second)) {
                cutPowerAgain(left, second, after);
              }
            });
      }
      WalFixture node = start(left, where);
      PromisedStates.State found = PromisedStates.State.of(node.recovered);
      checkAllowed(allowed, found, where);
      left.guard(second -> {});
      for (Found later : after) {
        expectSame(allowed, found, later.state, where + ", then " + later.where);
      }
      if (firstCrashes % bounds.appendsTried == 0) {
        append(left, node, where);
      }
    }
  }

  /**
   * The process alone dies: the next one finds what may never have reached the disk, and must not
   * speak of it before it has.
   */
  private void kill(MemoryDisk left, String call, PromisedStates allowed) {
    String where = "killed before call " + calls + ", " + call;
    List<Found> during = new ArrayList<>();
    left.guard(
        second -> {
          if (changes(second)) {
            cutPowerAgain(left, second, during);
          }
        });
    PromisedStates.State found = PromisedStates.State.of(start(left, where).recovered);
    left.guard(second -> {});
    List<Found> afterwards = new ArrayList<>();
    cutPowerAgain(left, "the node speaks", afterwards);
    for (Found later : afterwards) {
      expectSame(allowed, found, later.state, where + ", then " + later.where);
    }
    during.add(new Found("the start", found));
    for (Found later : during) {
      checkAllowed(allowed, later.state, where + ", then " + later.where);
    }
  }

  private static void checkAllowed(
      PromisedStates allowed, PromisedStates.State found, String where) {
    if (!allowed.allows(found)) {
      throw new AssertionError(where + "\nfound " + found + "\nallowed " + allowed.allowed());
    }
  }

  /** What a start found after a start was cut short. */
  private record Found(String where, PromisedStates.State state) {}

  private void cutPowerAgain(MemoryDisk disk, String call, List<Found> found) {
    for (Survival survival : Remains.of(disk, bounds.allSubsetsUpTo)) {
      secondCrashes++;
      MemoryDisk left = disk.remains(survival);
      String where = "power cut in the start before " + call + ", leaving " + survival;
      WalFixture node = start(left, where);
      found.add(new Found(where, PromisedStates.State.of(node.recovered)));
      if (secondCrashes % bounds.appendsTried == 0) {
        append(left, node, where);
      }
    }
  }

  /** What is promised behind the repaired end is found again, and only that. */
  private void append(MemoryDisk disk, WalFixture node, String where) {
    appends++;
    PromisedStates.State before = PromisedStates.State.of(node.recovered);
    long last = before.base().index() + before.entries().size();
    node.appendAndRun(
        WalFixture.write(
            1, WalFixture.vote(50, 3), WalFixture.entries(last + 1, 1, 50, 600), last));
    if (!node.persisted.equals(List.of(1L))) {
      throw new AssertionError(where + ": what was appended is not persisted");
    }
    List<LogEntry> entries = new ArrayList<>(before.entries());
    entries.addAll(WalFixture.entries(last + 1, 1, 50, 600));
    WalFixture again = start(disk.crash(Survival.none()), where + ", appended");
    expect(
        new PromisedStates.State(WalFixture.vote(50, 3), before.base(), entries),
        PromisedStates.State.of(again.recovered),
        where + ", appended");
  }

  private WalFixture start(MemoryDisk disk, String where) {
    try {
      return new WalFixture(between.apply(disk));
    } catch (StorageFailure failure) {
      throw new AssertionError(where + ": " + failure.getMessage(), failure);
    }
  }

  private static void expectSame(
      PromisedStates states,
      PromisedStates.State first,
      PromisedStates.State second,
      String where) {
    if (!states.isSame(first, second)) {
      throw new AssertionError(where + "\nfound first " + first + "\nthen " + second);
    }
  }

  private static void expect(
      PromisedStates.State expected, PromisedStates.State found, String where) {
    if (!found.equals(expected)) {
      throw new AssertionError(where + "\nfound " + found + "\nexpected " + expected);
    }
  }
}
