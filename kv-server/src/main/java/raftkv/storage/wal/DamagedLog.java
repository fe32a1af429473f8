package raftkv.storage.wal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.ExitCode;
import raftkv.port.LogFragments;
import raftkv.port.StorageFailure;
import raftkv.raft.Check;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.SnapshotMeta;
import raftkv.storage.disk.DataDirectory;

/**
 * A log that has lost something it had promised, and what is intact of it (safety rule 6.2). The
 * disk is as it was found until {@link #replaceBy}.
 */
public final class DamagedLog {
  private final DataDirectory directory;
  private final WalConfig config;
  private final LogFragments fragments;
  private final List<String> damages;

  private DamagedLog(
      DataDirectory directory, WalConfig config, LogFragments fragments, List<String> damages) {
    this.directory = directory;
    this.config = config;
    this.fragments = fragments;
    this.damages = damages;
  }

  /**
   * Reads what is intact, blocking, where {@link LogRecovery#recover} has refused the log as
   * damaged, or because it begins behind the snapshot.
   *
   * @param snapshot the newest valid one, or null: what it covers is not missed
   * @throws StorageFailure with {@link ExitCode#NEWER_FORMAT} if some of it is of a newer version,
   *     with {@link ExitCode#UNAVAILABLE} if a file cannot be opened, which may be intact
   */
  public static DamagedLog examine(
      DataDirectory directory, WalConfig config, @Nullable SnapshotMeta snapshot) {
    DamageScan scan = new DamageScan(directory.disk());
    LogPosition covered = snapshot == null ? LogPosition.ZERO : snapshot.lastIncluded();
    LogFragments fragments = behind(covered, scan.scan(Segments.living(directory.disk())));
    return new DamagedLog(directory, config, fragments, List.copyOf(scan.damages()));
  }

  /**
   * The log behind a snapshot (safety rule 6.6): a log that ends in front of it, or has another
   * entry in its place, is replaced by it; the position behind which a log begins is certain.
   */
  private static LogFragments behind(LogPosition covered, LogFragments found) {
    List<LogPosition> positions = new ArrayList<>();
    if (found.base().index() > covered.index()) {
      positions.add(found.base());
    }
    boolean contradicted = false;
    for (LogPosition position : found.positions()) {
      boolean at = position.index() == covered.index();
      boolean above = position.index() > covered.index();
      contradicted |= at && position.term() != covered.term();
      contradicted |= above && position.term() < covered.term();
      if (above) {
        positions.add(position);
      }
    }
    boolean replaced = contradicted || found.last().index() <= covered.index();
    return new LogFragments(
        covered,
        replaced ? covered : found.last(),
        replaced ? List.of() : List.copyOf(positions),
        replaced ? List.of() : behind(covered, found.entries()),
        replaced ? List.of() : behind(covered, found.doubtful()),
        found.hardState(),
        found.hardStateLost(),
        Math.max(covered.index(), found.commitIndex()));
  }

  private static List<LogEntry> behind(LogPosition covered, List<LogEntry> entries) {
    return entries.stream().filter(entry -> entry.index() > covered.index()).toList();
  }

  /** What is intact. */
  public LogFragments fragments() {
    return fragments;
  }

  /** What is damaged, place by place, for the log. */
  public List<String> damages() {
    return damages;
  }

  /**
   * Puts a log in the place of the damaged one, durably, and reads it back; the damaged files stay
   * under other names. A crash leaves the one log or the other. Blocking.
   *
   * @param healed without gaps from its base to its last position
   * @throws StorageFailure with {@link ExitCode#UNAVAILABLE} if the disk is full, {@link
   *     ExitCode#WRITE_FAILED} if it cannot be written, or for what reading it back refuses
   */
  public RecoveredLog replaceBy(LogFragments healed, Consumer<String> warnings) {
    checkWhole(healed);
    try {
      List<Long> numbers = new ArrayList<>(Segments.numbers(directory.disk()));
      long number = numbers.isEmpty() ? 1 : numbers.get(numbers.size() - 1) + 1;
      RestoredSegment.write(directory, config, number, healed);
    } catch (IOException e) {
      throw Segments.notWritten("the healed log could not be written", directory.disk(), e);
    }
    return LogRecovery.recover(directory, config, warnings);
  }

  private static void checkWhole(LogFragments healed) {
    LogPosition last = healed.base();
    for (LogEntry entry : healed.entries()) {
      Check.that(entry.index() == last.index() + 1, "a healed log has no gap");
      Check.that(entry.term() >= last.term(), "terms of a healed log never fall");
      last = entry.position();
    }
    Check.that(last.equals(healed.last()), "a healed log reaches its end");
  }
}
