package raftkv.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import raftkv.port.Disk;
import raftkv.storage.NodeLife.Mistake;
import raftkv.storage.disk.CrashSearch;
import raftkv.storage.disk.CrashSubject.Timing;
import raftkv.storage.disk.ForgetfulDisk;

/**
 * Power cuts enumerated over identity, log and snapshots together: after each, the state at the
 * last promised entry can be rebuilt, and no other one. {@code -Dcrashes=all} looks at the whole
 * instead of a slice.
 */
final class EveryNodeCrashTest {
  private static final CrashSearch.Bounds BOUNDS = CrashSearch.Bounds.asked(12);

  @Test
  void rebuildsWhatWasPromisedAfterEveryCrashAndNothingElse() {
    long states = 0;
    for (Timing timing : Timing.values()) {
      CrashSearch<?> search =
          new CrashSearch<>(BOUNDS, new NodeLife(timing, Mistake.NONE), UnaryOperator.identity());
      search.run();
      System.out.println("crashes of a whole node, " + timing + ": " + search);
      states += search.states();
    }
    assertThat(states).isGreaterThan(90_000);
  }

  /** The search itself must notice when a force is forgotten. */
  @ParameterizedTest
  @MethodSource("forgotten")
  void noticesWhatIsForgotten(String call) {
    AssertionError noticed =
        catchThrowableOfType(
            AssertionError.class,
            () -> search(Mistake.NONE, disk -> new ForgetfulDisk(disk, call)));

    assertThat(noticed).as("without '%s'", call).isNotNull();
  }

  static List<String> forgotten() {
    return List.of(
        "force snapshot-*.saved.tmp",
        "force snapshot-*.received.tmp",
        "name snapshot-*.snap",
        "force identity.tmp",
        "name identity");
  }

  /** And when the node lets go of the log too early. */
  @ParameterizedTest
  @EnumSource(value = Mistake.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void noticesALogThatGoesTooEarly(Mistake mistake) {
    AssertionError noticed =
        catchThrowableOfType(AssertionError.class, () -> search(mistake, UnaryOperator.identity()));

    assertThat(noticed).as("%s", mistake).isNotNull();
  }

  private static void search(Mistake mistake, UnaryOperator<Disk> between) {
    for (Timing timing : Timing.values()) {
      new CrashSearch<>(BOUNDS, new NodeLife(timing, mistake), between).run();
    }
  }
}
