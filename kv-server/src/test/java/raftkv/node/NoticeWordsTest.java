package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import raftkv.raft.ClusterId;
import raftkv.raft.Incarnation;
import raftkv.raft.NodeId;
import raftkv.raft.Notice;

/** The log's fixed words: demonstrations and operators look for them. */
class NoticeWordsTest {
  private static final long MILLI = 1_000_000;
  private static final NodeId ONE = new NodeId(1);
  private static final NodeId TWO = new NodeId(2);
  private static final NodeId THREE = new NodeId(3);

  private static String words(Notice notice) {
    return String.valueOf(NoticeWords.of(notice, ONE));
  }

  @Test
  void storyOfFailoverIsToldInFixedWords() {
    assertThat(words(new Notice.ElectionTimeout(ONE, 212 * MILLI, 200 * MILLI)))
        .isEqualTo("heartbeat timeout: no message from leader 1 for 212 ms, starting pre-vote");
    assertThat(words(new Notice.LeaderLinkLost(ONE, 31 * MILLI, 212 * MILLI)))
        .isEqualTo(
            "connection to leader 1 lost, last heartbeat 31 ms ago: not waiting for the election "
                + "timeout of 212 ms, starting pre-vote");
    assertThat(words(new Notice.BecameCandidate(3, false))).isEqualTo("became candidate");
    assertThat(words(new Notice.BecameLeader(3, List.of(TWO, THREE))))
        .isEqualTo("elected leader for term 3 with votes of 2, 3");
    assertThat(words(new Notice.SteppedDown(4, TWO))).startsWith("stepping down: saw term 4");
  }

  @Test
  void everyOtherNoticeHasItsWords() {
    assertThat(words(new Notice.ElectionTimeout(null, 212 * MILLI, 212 * MILLI)))
        .isEqualTo("election timeout: no leader for 212 ms, starting pre-vote");
    assertThat(words(new Notice.BecameCandidate(3, true)))
        .isEqualTo("leader 1 handed over leadership: became candidate");
    assertThat(words(new Notice.FollowsLeader(3, TWO))).isEqualTo("following leader 2 of term 3");
    assertThat(words(new Notice.QuorumLost(3, 300 * MILLI))).contains("no majority", "300 ms");
    assertThat(words(new Notice.VoteGranted(3, TWO))).isEqualTo("voted for 2 in term 3");
    assertThat(words(new Notice.LogTruncated(5, 9))).contains("from index 5", "ended at 9");
    assertThat(words(new Notice.DoesNotCount(new Incarnation(1, 2)))).startsWith("does not count");
    assertThat(words(new Notice.Counts(new Incarnation(1, 2)))).startsWith("counts");
    assertThat(words(new Notice.Superseded(new Incarnation(1, 2), new Incarnation(1, 3))))
        .startsWith("an older volume is in place");
    assertThat(words(new Notice.Admitting(TWO, new Incarnation(1, 2))))
        .startsWith("admitting member 2");
    assertThat(words(new Notice.MajorityLost(List.of(ONE, TWO))))
        .contains("members 1, 2 have lost their data", "mount an old data directory");
    assertThat(words(new Notice.ClusterFormed(new ClusterId(1, 2)))).startsWith("cluster formed");
    assertThat(words(new Notice.TransferStarted(TWO))).isEqualTo("handing leadership over to 2");
    assertThat(words(new Notice.TransferSent(TWO))).contains("asked 2");
    assertThat(words(new Notice.TransferFailed(TWO))).contains("2 did not take over");
  }

  /** A notice without words would be lost silently: all but these two have some. */
  @Test
  void everyKindOfNoticeIsKnown() {
    assertThat(Notice.class.getPermittedSubclasses()).hasSize(20);
    assertThat(NoticeWords.of(new Notice.BecamePreCandidate(3), ONE)).isNull();
    assertThat(NoticeWords.of(new Notice.WaitingForMembers(List.of(TWO)), ONE)).isNull();
  }

  @Test
  void numbersReadTheSameInEveryLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertThat(Words.count(1_204)).isEqualTo("1,204");
      assertThat(Words.seconds(210_000_000)).isEqualTo("0.21 s");
    } finally {
      Locale.setDefault(before);
    }
  }
}
