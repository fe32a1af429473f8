package raftkv.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.storage.wal.WalFixture.entry;

import java.util.List;
import org.junit.jupiter.api.Test;
import raftkv.port.LogFragments;
import raftkv.raft.LogPosition;

/** What is certain of a log of which records are lost. */
final class HoledLogTest {
  private final HoledLog log = new HoledLog();

  @Test
  void keepsATermInFrontOfALossIfItGoesOnBehind() {
    append(1, 2);
    append(2, 2);
    log.recordsAreLost();
    append(4, 2);

    assertThat(certain()).containsExactly(at(1, 2), at(2, 2), at(4, 2));
  }

  /** The lost record may have superseded them: entry 3 may be the new leader's second one. */
  @Test
  void doubtsATermThatEndsAtALoss() {
    append(1, 1);
    append(2, 1);
    log.recordsAreLost();
    append(4, 2);

    assertThat(certain()).containsExactly(at(4, 2));
  }

  /** Leader 2's log had them in front of its entry 3, and so has every log with an entry of it. */
  @Test
  void keepsEarlierTermsInFrontOfACertainEntry() {
    append(1, 1);
    append(2, 1);
    append(3, 2);
    log.recordsAreLost();
    append(5, 2);

    assertThat(certain()).containsExactly(at(1, 1), at(2, 1), at(3, 2), at(5, 2));
  }

  /** And from there on, through losses of earlier terms. */
  @Test
  void keepsWhatThoseEntriesVouchForInTheirTurn() {
    append(1, 1);
    append(2, 2);
    log.recordsAreLost();
    append(4, 2);
    append(5, 3);
    log.recordsAreLost();
    append(7, 3);

    assertThat(certain()).containsExactly(at(1, 1), at(2, 2), at(4, 2), at(5, 3), at(7, 3));
  }

  /** Entry 4 was appended behind a loss, so nobody knows what it had in front of it. */
  @Test
  void doubtsEarlierTermsInFrontOfAnEarlierLoss() {
    append(1, 1);
    append(2, 1);
    log.recordsAreLost();
    append(4, 2);
    log.recordsAreLost();
    append(6, 2);

    assertThat(certain()).containsExactly(at(4, 2), at(6, 2));
  }

  /** It may be an old one's text that was found in the place of the batch's own. */
  @Test
  void anEntryOfADamagedBatchVouchesForNothing() {
    append(1, 1);
    log.appendUncertain(entry(2, 2, 10));
    log.recordsAreLost();
    append(4, 2);

    assertThat(certain()).containsExactly(at(2, 2), at(4, 2));
  }

  private void append(long index, long term) {
    log.append(entry(index, term, 10));
    log.endsAt(at(index, term));
  }

  private List<LogPosition> certain() {
    LogFragments fragments = log.fragments(LogState.BLANK, false);
    assertThat(fragments.entries())
        .allSatisfy(entry -> assertThat(fragments.positions()).contains(entry.position()));
    return fragments.positions();
  }

  private static LogPosition at(long index, long term) {
    return new LogPosition(index, term);
  }
}
