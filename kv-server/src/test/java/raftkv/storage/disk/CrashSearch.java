package raftkv.storage.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import raftkv.port.Disk;
import raftkv.port.StorageFailure;

/**
 * Runs a script once, and in front of each call that changes the disk looks at everything that a
 * power cut could leave there: each must start, with all that was reported as persisted and nothing
 * that was not written. Of some of them the start is itself cut short in the same way; of some of
 * those, what is promised afterwards must be found again. In front of each call the process is also
 * killed alone, and the power cut at every call of the start that follows, and behind it.
 *
 * @param <F> what a start finds
 */
public final class CrashSearch<F> {
  /**
   * How far it looks.
   *
   * @param allSubsetsUpTo so many unforced sectors are lost in every combination; see {@link
   *     Remains}
   * @param startsCut of how many first crashes, one has every crash of its start looked at
   * @param goneOn of how many starts, one goes on and is started again
   */
  public record Bounds(int allSubsetsUpTo, int startsCut, int goneOn) {
    private static final Bounds WHOLE = new Bounds(12, 1, 10);

    /** The whole if {@code -Dcrashes=all} asks for it, else a slice in which one start is cut. */
    public static Bounds asked(int startsCut) {
      boolean whole = "all".equals(System.getProperty("crashes"));
      return whole ? WHOLE : new Bounds(10, startsCut, 50);
    }
  }

  private final Bounds bounds;
  private final CrashSubject<F> subject;

  /** Between the subject and the disk: the identity, or a disk with a fault. */
  private final UnaryOperator<Disk> between;

  private long calls;
  private long firstCrashes;
  private long secondCrashes;
  private long goneOn;
  private long nanos;

  public CrashSearch(Bounds bounds, CrashSubject<F> subject, UnaryOperator<Disk> between) {
    this.bounds = bounds;
    this.subject = subject;
    this.between = between;
  }

  /** All of it; an {@link AssertionError} names the first crash that was not survived. */
  public void run() {
    long begin = System.nanoTime();
    MemoryDisk disk = new MemoryDisk();
    disk.guard(
        call -> {
          while (subject.maybeWorkBefore(call)) {
            // its calls come through here as well
          }
          if (changes(call)) {
            calls++;
            cutPower(disk, call);
            kill(disk.afterKill(), call);
          }
        });
    subject.live(between.apply(disk));
    disk.guard(call -> {});
    cutPower(disk, "the end");
    nanos = System.nanoTime() - begin;
  }

  /** Disks that were started from. */
  public long states() {
    return firstCrashes + secondCrashes;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d calls of the disk; %d states after one power cut, %d after a second one in the start;"
            + " %d gone on; %.1f s",
        calls,
        firstCrashes,
        secondCrashes,
        goneOn,
        nanos / 1e9);
  }

  private static boolean changes(String call) {
    return call.startsWith("write ")
        || call.startsWith("force ")
        || call.startsWith("create ")
        || call.startsWith("rename ")
        || call.startsWith("delete ");
  }

  private void cutPower(MemoryDisk disk, String call) {
    for (Survival survival : Remains.of(disk, bounds.allSubsetsUpTo)) {
      firstCrashes++;
      String where = "power cut before call " + calls + ", " + call + ", leaving " + survival;
      MemoryDisk left = disk.remains(survival);
      List<Found<F>> after = new ArrayList<>();
      if (firstCrashes % bounds.startsCut == 0) {
        left.guard(
            second -> {
              if (changes(second)) {
                cutPowerAgain(left, second, after);
              }
            });
      }
      CrashSubject.Started<F> node = start(left, where);
      F found = node.found();
      checkAllowed(found, where);
      left.guard(second -> {});
      for (Found<F> later : after) {
        checkSame(found, later.what, where + ", then " + later.where);
      }
      if (firstCrashes % bounds.goneOn == 0) {
        goOn(left, node, where);
      }
    }
  }

  /**
   * The process alone dies: the next one finds what may never have reached the disk, and must not
   * speak of it before it has.
   */
  private void kill(MemoryDisk left, String call) {
    String where = "killed before call " + calls + ", " + call;
    List<Found<F>> during = new ArrayList<>();
    left.guard(
        second -> {
          if (changes(second)) {
            cutPowerAgain(left, second, during);
          }
        });
    F found = start(left, where).found();
    left.guard(second -> {});
    List<Found<F>> afterwards = new ArrayList<>();
    cutPowerAgain(left, "the node speaks", afterwards);
    for (Found<F> later : afterwards) {
      checkSame(found, later.what, where + ", then " + later.where);
    }
    during.add(new Found<>("the start", found));
    for (Found<F> later : during) {
      checkAllowed(later.what, where + ", then " + later.where);
    }
  }

  private void checkAllowed(F found, String where) {
    String objection = subject.objection(found);
    if (objection != null) {
      throw new AssertionError(where + "\nfound " + found + "\n" + objection);
    }
  }

  private void checkSame(F first, F second, String where) {
    if (!subject.isSame(first, second)) {
      throw new AssertionError(where + "\nfound first " + first + "\nthen " + second);
    }
  }

  /** What a start found after a start was cut short. */
  private record Found<F>(String where, F what) {}

  private void cutPowerAgain(MemoryDisk disk, String call, List<Found<F>> found) {
    for (Survival survival : Remains.of(disk, bounds.allSubsetsUpTo)) {
      secondCrashes++;
      MemoryDisk left = disk.remains(survival);
      String where = "power cut in the start before " + call + ", leaving " + survival;
      CrashSubject.Started<F> node = start(left, where);
      found.add(new Found<>(where, node.found()));
      if (secondCrashes % bounds.goneOn == 0) {
        goOn(left, node, where);
      }
    }
  }

  /** What is promised behind the repaired end is found again, and only that. */
  private void goOn(MemoryDisk disk, CrashSubject.Started<F> node, String where) {
    goneOn++;
    F expected = node.goOn();
    F found = start(disk.crash(Survival.none()), where + ", gone on").found();
    if (!found.equals(expected)) {
      throw new AssertionError(where + ", gone on\nfound " + found + "\nexpected " + expected);
    }
  }

  private CrashSubject.Started<F> start(MemoryDisk disk, String where) {
    try {
      return subject.start(between.apply(disk));
    } catch (StorageFailure failure) {
      throw new AssertionError(where + ": " + failure.getMessage(), failure);
    }
  }
}
