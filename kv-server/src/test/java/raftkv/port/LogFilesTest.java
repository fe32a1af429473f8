package raftkv.port;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogFilesTest {
  private final LogFiles files = new LogFiles(100, new long[] {10, 20, 30, 40});

  @Test
  void countsTheFilesThatAreNeededBehindASnapshot() {
    assertThat(files.bytes()).isEqualTo(400);
    assertThat(files.bytesBehind(0)).isEqualTo(400);
    assertThat(files.bytesBehind(19)).isEqualTo(400);
    assertThat(files.bytesBehind(20)).isEqualTo(300);
    assertThat(files.bytesBehind(39)).isEqualTo(200);
    assertThat(files.bytesBehind(1_000)).isEqualTo(100);
  }

  @Test
  void keepsNoMoreThanSoManyBytesInFrontOfASnapshot() {
    assertThat(files.baseFor(45, 0)).isEqualTo(40);
    assertThat(files.baseFor(45, 99)).isEqualTo(40);
    assertThat(files.baseFor(45, 100)).isEqualTo(30);
    assertThat(files.baseFor(30, 100)).isEqualTo(20);
    assertThat(files.baseFor(45, Long.MAX_VALUE)).isEqualTo(10);
    assertThat(files.baseFor(5, 0)).as("never behind the snapshot").isEqualTo(5);
  }

  /** The third file ended with a cut at 15: the log went on from there in the fourth. */
  @Test
  void aCutMayLetALaterFileBeginBeforeAnEarlierOne() {
    LogFiles cut = new LogFiles(100, new long[] {10, 20, 30, 16});

    assertThat(cut.bytesBehind(18)).isEqualTo(100);
    assertThat(cut.baseFor(18, 100)).isEqualTo(18);
    assertThat(cut.baseFor(18, 300)).isEqualTo(10);
  }
}
