package raftkv.node;

import raftkv.port.ForwardReply;
import raftkv.port.ForwardReply.Reason;
import raftkv.raft.Check;

/** What a write's outcome is called between two nodes, and back. */
final class Forwarding {
  private Forwarding() {}

  /** Whether the other node certainly did not propose it, and another node or moment may. */
  static boolean isNotTaken(ForwardReply reply) {
    return reply instanceof ForwardReply.NotApplied refused
        && (refused.reason() == Reason.NOT_LEADER || refused.reason() == Reason.NOT_READY);
  }

  static WriteOutcome outcome(ForwardReply reply) {
    if (reply instanceof ForwardReply.Applied applied) {
      return new WriteOutcome.Applied(applied.position(), applied.answer(), false);
    }
    if (reply instanceof ForwardReply.NotApplied refused) {
      return switch (refused.reason()) {
        case NOT_LEADER -> new WriteOutcome.NotLeader(refused.leaderHint());
        case OVERLOADED -> new WriteOutcome.Overloaded(refused.detail());
        case DISK_FULL -> new WriteOutcome.DiskFull();
        case DROPPED -> new WriteOutcome.Dropped();
        case NOT_READY -> new WriteOutcome.NotReady(refused.detail());
        case INVALID -> new WriteOutcome.Invalid(refused.detail());
      };
    }
    Check.that(reply instanceof ForwardReply.Unknown, "every reply is known");
    return new WriteOutcome.Unknown(WriteOutcome.Cause.LINK_LOST);
  }

  static ForwardReply reply(WriteOutcome outcome) {
    if (outcome instanceof WriteOutcome.Applied applied) {
      return new ForwardReply.Applied(applied.position(), applied.answer());
    }
    if (outcome instanceof WriteOutcome.Unknown unknown) {
      return new ForwardReply.Unknown(unknown.cause().toString());
    }
    if (outcome instanceof WriteOutcome.NotLeader notLeader) {
      return new ForwardReply.NotApplied(Reason.NOT_LEADER, notLeader.hint(), "");
    }
    if (outcome instanceof WriteOutcome.Overloaded overloaded) {
      return new ForwardReply.NotApplied(Reason.OVERLOADED, null, overloaded.what());
    }
    if (outcome instanceof WriteOutcome.DiskFull) {
      return new ForwardReply.NotApplied(Reason.DISK_FULL, null, "");
    }
    if (outcome instanceof WriteOutcome.Dropped) {
      return new ForwardReply.NotApplied(Reason.DROPPED, null, "");
    }
    if (outcome instanceof WriteOutcome.Invalid invalid) {
      return new ForwardReply.NotApplied(Reason.INVALID, null, invalid.sentence());
    }
    return notReady(outcome);
  }

  private static ForwardReply notReady(WriteOutcome outcome) {
    if (outcome instanceof WriteOutcome.NotReady notReady) {
      return new ForwardReply.NotApplied(Reason.NOT_READY, null, notReady.what());
    }
    if (outcome instanceof WriteOutcome.Diverged) {
      return new ForwardReply.NotApplied(Reason.NOT_READY, null, "the replicas differ");
    }
    Check.that(outcome instanceof WriteOutcome.NoLeader, "every outcome is known");
    return new ForwardReply.NotApplied(Reason.NOT_LEADER, null, "");
  }
}
