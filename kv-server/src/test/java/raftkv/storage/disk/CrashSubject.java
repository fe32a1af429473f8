package raftkv.storage.disk;

import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.StorageFailure;

/**
 * What {@link CrashSearch} switches off: a scripted life on a disk, and what it has promised so
 * far.
 *
 * @param <F> what a start finds, without what two starts from one disk may differ in
 */
public interface CrashSubject<F> {
  /** When other workers do something. */
  enum Timing {
    /** Between two groups of writes. */
    BETWEEN_WRITES,
    /** While one worker's writes are not yet forced. */
    DURING_WRITES
  }

  /** Lives to the end of the script. */
  void live(Disk disk);

  /**
   * Does a piece of another worker's work in front of that call of the disk.
   *
   * @return whether there was any
   */
  boolean maybeWorkBefore(String call);

  /**
   * Starts on what is left, as a node does.
   *
   * @throws StorageFailure if it is refused
   */
  Started<F> start(Disk disk);

  /** What is wrong with finding that now, by what was promised until now; null if nothing is. */
  @Nullable String objection(F found);

  /** Whether two starts from the same disk, one after the other, may find these. */
  boolean isSame(F first, F second);

  /** A node that has started. */
  interface Started<F> {
    /** What it has found. */
    F found();

    /** Promises something behind that; what the next start must find. */
    F goOn();
  }
}
