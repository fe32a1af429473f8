package raftkv.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import raftkv.port.Disk;

/**
 * Power cuts enumerated, not sampled. {@code -Dcrashes=all} looks at the whole instead of a slice.
 */
final class EveryCrashTest {
  private static final boolean WHOLE = "all".equals(System.getProperty("crashes"));

  @Test
  void startsAfterEveryCrashWithAllThatWasPromisedAndNothingElse() {
    long states = 0;
    for (CrashScript.Preparation preparation : CrashScript.Preparation.values()) {
      CrashSearch search =
          new CrashSearch(
              WHOLE ? CrashSearch.Bounds.WHOLE : CrashSearch.Bounds.SLICE,
              preparation,
              UnaryOperator.identity());
      search.run();
      System.out.println(preparation + ": " + search);
      states += search.states();
    }
    assertThat(states).isGreaterThan(100_000);
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
    for (CrashScript.Preparation preparation : CrashScript.Preparation.values()) {
      UnaryOperator<Disk> forgetful = disk -> new ForgetfulDisk(disk, call);
      new CrashSearch(CrashSearch.Bounds.SLICE, preparation, forgetful).run();
    }
  }
}
