package raftkv.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import raftkv.port.Disk;
import raftkv.storage.disk.CrashSearch;
import raftkv.storage.disk.CrashSubject.Timing;
import raftkv.storage.disk.ForgetfulDisk;

/**
 * Power cuts of the log alone enumerated, not sampled; those of all files of a node: {@code
 * raftkv.storage.EveryNodeCrashTest}. {@code -Dcrashes=all} looks at the whole instead of a slice.
 */
final class EveryCrashTest {
  private static final CrashSearch.Bounds BOUNDS = CrashSearch.Bounds.asked(25);

  @Test
  void startsAfterEveryCrashWithAllThatWasPromisedAndNothingElse() {
    long states = 0;
    for (Timing timing : Timing.values()) {
      CrashSearch<?> search =
          new CrashSearch<>(BOUNDS, new CrashScript(timing), UnaryOperator.identity());
      search.run();
      System.out.println("crashes of the log, " + timing + ": " + search);
      states += search.states();
    }
    assertThat(states).isGreaterThan(90_000);
  }

  /** The search itself must notice when the log forgets to force or to repair something. */
  @ParameterizedTest
  @MethodSource("forgotten")
  void noticesWhatIsForgotten(String callBegin) {
    AssertionError noticed =
        catchThrowableOfType(AssertionError.class, () -> searchWithout(callBegin));

    assertThat(noticed).as("without '%s'", callBegin).isNotNull();
  }

  static List<String> forgotten() {
    return List.of(
        "force segment-*.wal",
        "force segment-*.wal.tmp",
        "force identity.tmp",
        "force directory",
        "zero segment-*.wal");
  }

  private static void searchWithout(String call) {
    for (Timing timing : Timing.values()) {
      UnaryOperator<Disk> forgetful = disk -> new ForgetfulDisk(disk, call);
      new CrashSearch<>(BOUNDS, new CrashScript(timing), forgetful).run();
    }
  }
}
