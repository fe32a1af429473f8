package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.raft.PaperNode.at;
import static raftkv.raft.PaperNode.standing;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Raft §5.3, log replication. */
class Section53ReplicationTest {
  private static RaftMessage.AppendEntriesReply replyTo(PaperNode node) {
    return node.last(2, RaftMessage.AppendEntriesReply.class);
  }

  /** "The leader appends the command to its log as a new entry, then issues AppendEntries." */
  @Test
  void leaderAppendsAndSends() {
    PaperNode node = new PaperNode(3, 1);
    node.lead();
    node.hearAck(2, 2, 1);
    node.said();

    node.propose("x");

    RaftMessage.AppendEntries append = node.last(2, RaftMessage.AppendEntries.class);
    assertThat(append.prev()).isEqualTo(at(2, 2));
    assertThat(TestFormat.text(append.entries().get(0).body())).isEqualTo("x");
  }

  /** "If the follower does not find an entry with the same index and term, it refuses." */
  @Test
  void refusesWhenThePreviousEntryIsMissing() {
    PaperNode node = new PaperNode(3, 1, 1);

    node.hearAppend(2, 4, at(5, 3), 1, 4);

    RaftMessage.AppendEntriesReply reply = replyTo(node);
    assertThat(reply.rejection()).isEqualTo(new RaftMessage.Rejection(5, at(3, 0)));
    assertThat(reply.matchIndex()).isEqualTo(1);
    assertThat(node.logTerms()).containsExactly(1L, 1L);
  }

  /** The same sentence: the index is there, with another term. */
  @Test
  void refusesWhenThePreviousTermDiffers() {
    PaperNode node = new PaperNode(3, 1, 2, 2, 2);

    node.hearAppend(2, 4, at(4, 3), 1, 4);

    assertThat(replyTo(node).rejection()).isEqualTo(new RaftMessage.Rejection(4, at(2, 2)));
    assertThat(node.logTerms()).containsExactly(1L, 2L, 2L, 2L);
  }

  /** "Conflicting entries in follower logs will be overwritten with entries from the leader's." */
  @Test
  void overwritesWhatConflicts() {
    PaperNode node = new PaperNode(3, 1, 2, 2, 2);

    node.hearAppend(2, 4, at(1, 1), 1, 3, 4);

    assertThat(node.logTerms()).containsExactly(1L, 3L, 4L);
    assertThat(replyTo(node).matchIndex()).isEqualTo(3);
  }

  /** Figure 2, receiver's step 3: only "if an existing entry conflicts" is anything deleted. */
  @Test
  void keepsWhatIsBehindAnAppendThatFits() {
    PaperNode node = new PaperNode(3, 1, 2, 2, 2);

    node.hearAppend(2, 2, at(1, 1), 1, 2);

    assertThat(node.logTerms()).containsExactly(1L, 2L, 2L, 2L);
    assertThat(replyTo(node).matchIndex()).isEqualTo(2);
  }

  /** Figure 2, step 5: commitIndex = min(leaderCommit, index of last new entry). */
  @Test
  void commitsNoFurtherThanTheAppendProves() {
    PaperNode node = new PaperNode(3, 1, 2, 2, 2);

    node.hearAppend(2, 3, at(1, 1), 4, 2);

    assertThat(node.core().commitIndex()).isEqualTo(2);
    assertThat(node.applied()).containsExactly("2.2");
  }

  /** Safety rule 1.3: an empty append behind the place where both agree proves that place. */
  @Test
  void matchesNoFurtherThanAHeartbeatProves() {
    PaperNode node = new PaperNode(3, 1, 2, 2, 2);

    node.hearAppend(2, 3, at(2, 2), 4);

    assertThat(replyTo(node).matchIndex()).isEqualTo(2);
    assertThat(node.core().commitIndex()).isEqualTo(2);
  }

  /** Figure 2: "Updated on stable storage before responding", for entries. */
  @Test
  void acknowledgesWhatIsDurable() {
    PaperNode node = new PaperNode(3, 1);
    node.hearAppend(2, 1, at(1, 1), 1);
    node.said();
    node.slowDisk();

    node.hearAppend(2, 1, at(1, 1), 1, 1, 1);
    assertThat(replyTo(node).matchIndex()).isEqualTo(1);

    node.diskDone();
    assertThat(replyTo(node).matchIndex()).isEqualTo(3);
  }

  /** Unless a heartbeat or a read waits, one answer is enough: the ack. */
  @Test
  void answersOnceWhatMayWaitForTheDisk() {
    PaperNode node = followerWithASlowDisk();

    node.hearPatientAppend(2, 2);
    node.hearPatientAppend(3, 3);
    assertThat(node.said(2, RaftMessage.AppendEntriesReply.class)).isEmpty();

    node.diskDone();
    assertThat(node.said(2, RaftMessage.AppendEntriesReply.class))
        .extracting(RaftMessage.AppendEntriesReply::matchIndex)
        .containsExactly(2L, 3L);
  }

  /** A slow disk is no dead node: what asks for an answer gets it, whatever is being written. */
  @Test
  void answersAHeartbeatWhileTheDiskWrites() {
    PaperNode node = followerWithASlowDisk();
    node.hearPatientAppend(2, 2);

    node.hearHeartbeat(at(2, 1), 3);

    RaftMessage.AppendEntriesReply reply = replyTo(node);
    assertThat(reply.round()).isEqualTo(3);
    assertThat(reply.matchIndex()).isEqualTo(1);
  }

  /** No ack follows for what is durable, or refused: those are answered at once in any case. */
  @Test
  void answersAtOnceWhatNeedsNoDisk() {
    PaperNode node = followerWithASlowDisk();
    node.hearPatientAppend(2, 2);
    node.diskDone();
    node.said();

    node.hearPatientAppend(2, 3);
    assertThat(replyTo(node).matchIndex()).as("a duplicate").isEqualTo(2);

    node.hearPatientAppend(9, 4);
    assertThat(replyTo(node).rejection()).as("a gap").isNotNull();
  }

  private static PaperNode followerWithASlowDisk() {
    PaperNode node = new PaperNode(3, 1);
    node.hearAppend(2, 1, at(1, 1), 1);
    node.said();
    node.slowDisk();
    return node;
  }

  /** A leader whose heartbeat or reads are in the round cannot wait for the followers' disks. */
  @Test
  void asksForAnAnswerAtOnceIfSomethingWaitsForIt() {
    PaperNode node = new PaperNode(3, 1);
    node.lead();
    node.hearAck(2, 2, 1);
    node.said();

    node.propose("alone");
    assertThat(node.last(2, RaftMessage.AppendEntries.class).answerMayWait()).isTrue();

    node.turn(
        core -> {
          core.propose(TestFormat.bytes("with a read"));
          core.confirmRead(1);
        });
    assertAnswerIsWanted(node.last(2, RaftMessage.AppendEntries.class));

    node.turn(
        core -> {
          core.tick(core.nextDeadlineNanos());
          core.propose(TestFormat.bytes("with a heartbeat"));
          core.expireTimers();
        });
    assertAnswerIsWanted(node.last(2, RaftMessage.AppendEntries.class));
  }

  private static void assertAnswerIsWanted(RaftMessage.AppendEntries append) {
    assertThat(append.entries()).hasSize(1);
    assertThat(append.answerMayWait()).isFalse();
  }

  /** "A log entry is committed once the leader has replicated it on a majority of the servers." */
  @Test
  void commitsWhatAMajorityHolds() {
    PaperNode node = new PaperNode(5, 1);
    node.lead();
    node.propose("x");

    node.hearAck(2, 3, 1);
    assertThat(node.core().commitIndex()).isEqualTo(1);

    node.hearAck(3, 3, 1);
    assertThat(node.core().commitIndex()).isEqualTo(3);
    assertThat(node.applied()).containsExactly("x");
  }

  /** "It retries AppendEntries indefinitely": what was refused is sent again, further back. */
  @Test
  void goesBackToWhereTheLogsAgree() {
    PaperNode node = new PaperNode(3, 1, 2, 2, 3, 3);
    node.lead();

    refuse(node, new RaftMessage.Rejection(5, at(3, 0)));

    RaftMessage.AppendEntries append = node.last(2, RaftMessage.AppendEntries.class);
    assertThat(append.prev()).isEqualTo(at(2, 2));
    assertThat(append.entries()).hasSize(4);
  }

  /** "One AppendEntries RPC will be required for each term with conflicting entries." */
  @Test
  void skipsAConflictingTermAtOnce() {
    PaperNode node = new PaperNode(3, 1, 2, 2, 5, 5);
    node.lead();

    refuse(node, new RaftMessage.Rejection(5, at(3, 4)));

    assertThat(node.last(2, RaftMessage.AppendEntries.class).prev()).isEqualTo(at(2, 2));
  }

  private static void refuse(PaperNode node, RaftMessage.Rejection rejection) {
    node.hear(
        2,
        node.core().term(),
        new RaftMessage.AppendEntriesReply(1, 1, rejection, standing(2), Abilities.ALL));
  }

  /** "A leader never overwrites or deletes entries in its own log" (Figure 3, Append-Only). */
  @Test
  void leaderKeepsItsLogWhateverItHears() {
    PaperNode node = new PaperNode(3, 1, 2, 2);
    node.lead();
    List<Long> before = node.logTerms();

    refuse(node, new RaftMessage.Rejection(3, at(2, 1)));
    node.hear(3, 2, new RaftMessage.RequestVote(at(99, 2), false));
    node.hearAppend(3, 2, at(1, 1), 1, 2);

    assertThat(node.logTerms()).isEqualTo(before);
  }
}
