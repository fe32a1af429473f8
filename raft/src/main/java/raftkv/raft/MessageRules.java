package raftkv.raft;

/**
 * What a message does to terms and votes before its role sees it. The rules that hold in every
 * role: a higher term is adopted (§5.1), a lower one is answered with the own (safety rule 1.1), at
 * most one vote a term goes to a candidate whose log is at least as up to date (§5.2, §5.4.1).
 */
final class MessageRules implements RaftMessage.Handler {
  private final RaftNode node;

  MessageRules(RaftNode node) {
    this.node = node;
  }

  /** Answers, and changes nothing here but when this node stands itself: two at once would tie. */
  @Override
  public void onPreVote(NodeId from, long term, RaftMessage.PreVote message) {
    node.majority().onAsked(from, message.last());
    boolean isOpen = message.prospectiveTerm() > node.term() && !node.role().isSticky();
    boolean granted = isOpen && wouldVoteFor(message.last());
    node.owed()
        .preVote(
            from,
            new RaftMessage.PreVoteReply(
                message.prospectiveTerm(),
                granted,
                node.role().leader(),
                node.stable().standing()));
    if (granted) {
      boolean better = !node.log().last().isAtLeastAsUpToDateAs(message.last());
      giveWayTo(from, better);
    } else if (node.role() instanceof Candidate candidate) {
      candidate.onRefused(from);
    } else if (isOpen && node.role() instanceof Follower follower) {
      follower.onBetterLog();
    }
  }

  /** A pre-vote was granted: give the asker time, and end an own round that would only tie. */
  private void giveWayTo(NodeId asker, boolean askerIsBetter) {
    boolean yields = askerIsBetter || asker.compareTo(node.self()) < 0;
    if (node.role().name() == NodeView.RoleName.PRE_CANDIDATE && yields) {
      node.becomeFollower(null);
    }
    if (node.role() instanceof Follower) {
      node.timer().postponeTo(node.now() + node.config().elections().heartbeatNanos());
    }
  }

  /**
   * §5.2 and §5.4.1 in one place. A node that hears a live leader helps nobody to depose it and
   * does not take over the candidate's term (thesis §4.2.3), unless that leader asked for it.
   */
  @Override
  public void onRequestVote(NodeId from, long term, RaftMessage.RequestVote message) {
    node.owed().refuseVote(from);
    if (term > node.term()) {
      boolean handover = message.transfer() && term == node.term() + 1;
      if (node.role().isSticky() && !handover) {
        return;
      }
      node.adoptTerm(from, term);
    }
    if (term != node.term() || !wouldVoteFor(message.last())) {
      return;
    }
    if (node.stable().hardState().votedFor() == null && node.role().leader() == null) {
      grantVote(from, message.last());
    }
    node.owed().vote(from);
  }

  /** Gives the only vote of this term; a new cluster's candidate takes any old text with it. */
  private void grantVote(NodeId candidate, LogPosition candidateLast) {
    if (candidateLast.isZero()) {
      node.stable().truncateFrom(1);
    }
    if (!(node.role() instanceof Follower)) {
      node.becomeFollower(null);
    }
    node.stable().vote(candidate);
    node.timer().restart(node.now());
    node.notice(new Notice.VoteGranted(node.term(), candidate));
  }

  /**
   * Whether the election restriction allows a vote. A blank candidate forms a new cluster: a node
   * that does not count and never knew one to be formed helps it, whatever its log (rule 5.2).
   */
  private boolean wouldVoteFor(LogPosition candidateLast) {
    RaftLog log = node.log();
    boolean mayForm = log.commitIndex() == 0 && !node.stable().selfCounts();
    return candidateLast.isAtLeastAsUpToDateAs(log.last()) || (candidateLast.isZero() && mayForm);
  }

  @Override
  public void onAppendEntries(NodeId from, long term, RaftMessage.AppendEntries message) {
    if (term < node.term()) {
      node.owed().staleAppend(from);
      return;
    }
    node.adoptIfHigher(from, term);
    node.follow(from).onAppendEntries(message);
  }

  @Override
  public void onPreVoteReply(NodeId from, long term, RaftMessage.PreVoteReply message) {
    node.adoptIfHigher(from, term);
    node.majority().onAnswer(from, message.standing());
    NodeId leader = message.leader();
    if (leader != null && !leader.equals(node.self()) && term == node.term()) {
      node.hear(leader);
    }
    node.role().onPreVoteReply(from, message);
  }

  @Override
  public void onRequestVoteReply(NodeId from, long term, RaftMessage.RequestVoteReply message) {
    node.majority().onAnswer(from, message.standing());
    if (isOfThisTerm(from, term)) {
      node.role().onRequestVoteReply(from, message);
    }
  }

  @Override
  public void onAppendEntriesReply(NodeId from, long term, RaftMessage.AppendEntriesReply message) {
    node.majority().onAnswer(from, message.standing());
    if (isOfThisTerm(from, term)) {
      node.role().onAppendEntriesReply(from, message);
    }
  }

  @Override
  public void onTimeoutNow(NodeId from, long term, RaftMessage.TimeoutNow message) {
    if (isOfThisTerm(from, term)) {
      node.role().onTimeoutNow(from, message);
    }
  }

  @Override
  public void onReadIndex(NodeId from, long term, RaftMessage.ReadIndex message) {
    if (isOfThisTerm(from, term)) {
      node.role().onReadIndex(from, message);
    } else {
      node.owed().refuseQuestion(from, message.question());
    }
  }

  @Override
  public void onReadIndexReply(NodeId from, long term, RaftMessage.ReadIndexReply message) {
    if (isOfThisTerm(from, term)) {
      node.role().onReadIndexReply(from, message);
    }
  }

  /**
   * Adopts a higher term; says whether the message may be taken, that is, is not of a lower one.
   */
  private boolean isOfThisTerm(NodeId from, long term) {
    node.adoptIfHigher(from, term);
    return term == node.term();
  }
}
