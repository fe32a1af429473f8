package raftkv.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import raftkv.port.EntryCodec;
import raftkv.port.LogPage;
import raftkv.port.LogQuestion;
import raftkv.raft.Bytes;
import raftkv.raft.ClusterId;
import raftkv.raft.EntryKind;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;

@Timeout(60)
class FetchLogTest {
  private static final ClusterId RED = TwoNodes.RED;
  private static final LogQuestion QUESTION = new LogQuestion(new LogPosition(7, 3), 2);

  private final TwoNodes nodes = new TwoNodes();
  private final TestLink one = nodes.one;

  @AfterEach
  void closeAll() throws Exception {
    nodes.closeAll();
  }

  @Test
  void everyKindOfPageTravels() throws Exception {
    TestLink two = nodes.linked(RED);
    List<LogPage> pages =
        List.of(
            new LogPage.Text(List.of(entry(2), entry(4), entry(7)), 8),
            new LogPage.Text(List.of(), 8),
            new LogPage.NoAnchor(),
            new LogPage.Compacted(),
            new LogPage.Unanswered("starting"));

    for (LogPage page : pages) {
      List<LogQuestion> asked = new ArrayList<>();
      two.pages =
          question -> {
            asked.add(question);
            return page;
          };
      assertThat(one.fetchLog(2, QUESTION)).isEqualTo(page);
      assertThat(asked).containsExactly(QUESTION);
    }
  }

  @Test
  void textThatWasNotAskedForIsNoAnswer() throws Exception {
    TestLink two = nodes.linked(RED);
    List<LogPage> pages =
        List.of(
            new LogPage.Text(List.of(entry(1)), 8),
            new LogPage.Text(List.of(entry(8)), 9),
            new LogPage.Text(List.of(entry(4), entry(3)), 8),
            new LogPage.Text(List.of(), 2));

    for (LogPage page : pages) {
      two.pages = question -> page;
      assertThat(one.fetchLog(2, QUESTION))
          .isInstanceOfSatisfying(
              LogPage.Unanswered.class,
              answer -> assertThat(answer.reason()).startsWith("bad answer"));
    }
  }

  @Test
  void damageOnTheWayIsNoAnswer() throws Exception {
    TestLink two = nodes.linked(RED);
    byte[] damaged = entry(3).encoded().toByteArray();
    damaged[damaged.length - 1] ^= 1;
    LogEntry entry = entry(3);
    LogEntry flipped =
        new LogEntry(3, entry.term(), entry.kind(), Bytes.wrap(damaged), EntryCodec.HEADER_BYTES);
    two.pages = question -> new LogPage.Text(List.of(flipped), 8);

    assertThat(one.fetchLog(2, QUESTION)).isInstanceOf(LogPage.Unanswered.class);
  }

  /** Safety rule 5.5: text of another cluster is nobody's lost text. */
  @Test
  void asksNobodyOfAnotherCluster() throws Exception {
    nodes.start(2, 22, new ClusterId(2, 2)).pages = question -> new LogPage.NoAnchor();

    assertThat(one.fetchLog(2, QUESTION)).isInstanceOf(LogPage.Unanswered.class);
  }

  @Test
  void withoutLinkThereIsNoAnswer() throws Exception {
    assertThat(one.fetchLog(2, QUESTION))
        .isInstanceOfSatisfying(
            LogPage.Unanswered.class, answer -> assertThat(answer.reason()).contains("no link"));
  }

  private static LogEntry entry(long index) {
    return new EntryCodec()
        .encode(new LogPosition(index, 3), EntryKind.COMMAND, Bytes.wrap(new byte[] {1, 2}));
  }
}
