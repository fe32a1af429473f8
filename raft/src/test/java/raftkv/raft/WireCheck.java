package raftkv.raft;

/**
 * What may leave a node (safety §1): each message is covered by bytes that are forced on the disk
 * of its sender at the moment of sending.
 */
final class WireCheck implements RaftMessage.Handler {
  private final TestDisk disk;
  private final Envelope envelope;

  WireCheck(TestNode sender, Envelope envelope) {
    this.disk = sender.disk();
    this.envelope = envelope;
  }

  void check() {
    Check.that(
        disk.hardState().term() == envelope.term(),
        "the term of a message is durable",
        disk.hardState().term(),
        envelope.term());
    envelope.message().deliver(this, envelope.from(), envelope.term());
  }

  private void checkStanding(Standing standing) {
    Check.that(
        disk.hardState().standing().equals(standing), "the incarnation in an answer is durable");
  }

  @Override
  public void onPreVote(NodeId from, long term, RaftMessage.PreVote message) {
    Check.that(message.prospectiveTerm() == term + 1, "a pre-vote is about the next term");
  }

  @Override
  public void onPreVoteReply(NodeId from, long term, RaftMessage.PreVoteReply message) {
    checkStanding(message.standing());
  }

  @Override
  public void onRequestVote(NodeId from, long term, RaftMessage.RequestVote message) {
    Check.that(from.equals(disk.hardState().votedFor()), "a candidate's own vote is durable");
    Check.that(disk.holds(message.last()), "the log that a candidate claims is durable");
  }

  @Override
  public void onRequestVoteReply(NodeId from, long term, RaftMessage.RequestVoteReply message) {
    checkStanding(message.standing());
    Check.that(
        !message.granted() || envelope.to().equals(disk.hardState().votedFor()),
        "a vote is durable before it is given");
  }

  @Override
  public void onAppendEntries(NodeId from, long term, RaftMessage.AppendEntries message) {
    Check.that(from.equals(disk.hardState().votedFor()), "a leader voted for itself");
  }

  @Override
  public void onAppendEntriesReply(NodeId from, long term, RaftMessage.AppendEntriesReply message) {
    checkStanding(message.standing());
    Check.that(
        message.matchIndex() <= Math.max(disk.snapshotIndex(), disk.last().index()),
        "what is acknowledged is durable",
        message.matchIndex(),
        disk.last().index());
  }

  @Override
  public void onTimeoutNow(NodeId from, long term, RaftMessage.TimeoutNow message) {
    Check.that(from.equals(disk.hardState().votedFor()), "only a leader hands over");
  }

  @Override
  public void onReadIndex(NodeId from, long term, RaftMessage.ReadIndex message) {
    Check.that(message.question() > 0, "questions are numbered from 1");
  }

  @Override
  public void onReadIndexReply(NodeId from, long term, RaftMessage.ReadIndexReply message) {
    Check.that(message.readIndex() >= 0, "a read index is not negative");
  }
}
