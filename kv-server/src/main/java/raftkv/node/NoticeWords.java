package raftkv.node;

import org.jspecify.annotations.Nullable;
import raftkv.raft.NodeId;
import raftkv.raft.Notice;

/** The core's notices in the fixed words of the log (docs/operations.md). */
final class NoticeWords {
  private NoticeWords() {}

  // Kept whole: a table from notice to words, one row each.
  /** One line without node and term, or null for what is not worth a line. */
  static @Nullable String of(Notice notice, @Nullable NodeId knownLeader) {
    if (notice instanceof Notice.ElectionTimeout timeout) {
      return electionTimeout(timeout);
    } else if (notice instanceof Notice.LeaderLinkLost lost) {
      return linkLost(lost);
    } else if (notice instanceof Notice.BecameCandidate became) {
      return became.transfer()
          ? leader(knownLeader) + " handed over leadership: became candidate"
          : "became candidate";
    } else if (notice instanceof Notice.BecameLeader became) {
      return "elected leader for term "
          + became.term()
          + " with votes of "
          + Words.list(became.votes());
    } else if (notice instanceof Notice.FollowsLeader follows) {
      return "following leader " + follows.leader() + " of term " + follows.term();
    } else if (notice instanceof Notice.SteppedDown down) {
      return "stepping down: saw term " + down.term() + " from " + down.seenFrom();
    } else if (notice instanceof Notice.QuorumLost lost) {
      return "stepping down: no majority has answered for " + Words.millis(lost.silenceNanos());
    } else if (notice instanceof Notice.VoteGranted granted) {
      return "voted for " + granted.candidate() + " in term " + granted.term();
    } else if (notice instanceof Notice.LogTruncated cut) {
      return "log cut: the leader's text differs from index "
          + cut.fromIndex()
          + ", it ended at "
          + cut.lastIndexBefore();
    }
    return ofMembership(notice);
  }

  private static @Nullable String ofMembership(Notice notice) {
    if (notice instanceof Notice.DoesNotCount does) {
      return "does not count: incarnation "
          + does.own()
          + " is not the one that the log names; follows and stores, takes no part in votes and "
          + "commits until it is admitted";
    } else if (notice instanceof Notice.Counts counts) {
      return "counts: the log names incarnation " + counts.own();
    } else if (notice instanceof Notice.Superseded superseded) {
      return "an older volume is in place: the log names another incarnation than "
          + superseded.old()
          + " by now; going on as "
          + superseded.drawn();
    } else if (notice instanceof Notice.Admitting admitting) {
      return "admitting member "
          + admitting.node()
          + " with incarnation "
          + admitting.incarnation()
          + ": it has caught up";
    } else if (notice instanceof Notice.MajorityLost lost) {
      return "no leader can ever be elected: members "
          + Words.list(lost.lost())
          + " have lost their data, and those that are left are no majority; mount an old data"
          + " directory of theirs again, or give up what is stored and start all members empty";
    } else if (notice instanceof Notice.ClusterFormed formed) {
      return "cluster formed with id " + formed.clusterId();
    } else if (notice instanceof Notice.TransferStarted started) {
      return "handing leadership over to " + started.target();
    } else if (notice instanceof Notice.TransferSent sent) {
      return "asked " + sent.target() + " to take over leadership";
    } else if (notice instanceof Notice.TransferFailed failed) {
      return "leadership stays here: " + failed.target() + " did not take over in time";
    }
    return null;
  }

  private static String electionTimeout(Notice.ElectionTimeout timeout) {
    return timeout.leader() == null
        ? "election timeout: no leader for "
            + Words.millis(timeout.silenceNanos())
            + ", starting pre-vote"
        : "heartbeat timeout: no message from "
            + leader(timeout.leader())
            + " for "
            + Words.millis(timeout.silenceNanos())
            + ", starting pre-vote";
  }

  private static String linkLost(Notice.LeaderLinkLost lost) {
    return "connection to "
        + leader(lost.leader())
        + " lost, last heartbeat "
        + Words.millis(lost.silenceNanos())
        + " ago: not waiting for the election timeout of "
        + Words.millis(lost.timeoutNanos())
        + ", starting pre-vote";
  }

  private static String leader(@Nullable NodeId leader) {
    return leader == null ? "the leader" : "leader " + leader;
  }
}
