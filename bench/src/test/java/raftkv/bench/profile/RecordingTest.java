package raftkv.bench.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
  private static final int ARRAYS = 100;
  private static final int ARRAY_BYTES = 1 << 20;

  @TempDir private Path directory;

  /** Keeps the arrays from being optimised away. */
  private byte[] last = new byte[0];

  @Test
  void whatIsAllocatedMeanwhileIsFoundUnderItsName() throws IOException {
    Path file = directory.resolve("test.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ObjectAllocationSample").with("throttle", "1000/s").withStackTrace();
      last = new byte[ARRAYS * ARRAY_BYTES];
      recording.start();
      for (int i = 0; i < ARRAYS; i++) {
        last = new byte[ARRAY_BYTES];
      }
      recording.stop();
      recording.dump(file);
    }

    Profile profile = raftkv.bench.profile.Recording.read(file);

    long expected = (long) ARRAYS * ARRAY_BYTES;
    assertThat(profile.allocatedClasses().total()).isBetween(expected / 2, expected * 11 / 10);
    assertThat(last).hasSize(ARRAY_BYTES);
    assertThat(profile.allocatedClasses().top(1))
        .extracting(Tally.Line::place)
        .containsExactly("[B");
    assertThat(profile.allocationSites().top(1).get(0).place())
        .startsWith(
            "raftkv.bench.profile.RecordingTest.whatIsAllocatedMeanwhileIsFoundUnderItsName:");
  }
}
