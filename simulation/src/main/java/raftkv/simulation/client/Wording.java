package raftkv.simulation.client;

import org.jspecify.annotations.Nullable;
import raftkv.client.session.CopyFailure;
import raftkv.client.session.Outcome;
import raftkv.client.session.Sighting;
import raftkv.kv.AnswerCodec;
import raftkv.kv.KvAnswer;
import raftkv.node.NodeHeader;
import raftkv.node.ReadAnswer;
import raftkv.node.WriteOutcome;

/** Translates what a node decided into what its client is told, reason by reason (api.md). */
final class Wording {
  private static final String NO_TEXT = "";

  private Wording() {}

  static Sighting sighting(NodeHeader header) {
    int leader = header.leader() == null ? 0 : header.leader().value();
    return new Sighting(header.node().value(), header.term(), leader, Doors.address(leader));
  }

  static Reply written(WriteOutcome outcome, NodeHeader header, long nowNanos) {
    Sighting sighting = sighting(header);
    if (!(outcome instanceof WriteOutcome.Applied applied)) {
      return new Reply.Failed(sighting, failure(outcome));
    }
    KvAnswer answer = AnswerCodec.decode(applied.answer());
    if (answer instanceof KvAnswer.Refusal refusal) {
      return new Reply.Failed(sighting, refused(refusal, applied.otherCopyUndecided()));
    }
    return new Reply.Answered(sighting, answer, applied.position().index(), nowNanos);
  }

  private static CopyFailure failure(WriteOutcome outcome) {
    Outcome fate =
        outcome.fate() == WriteOutcome.Fate.UNKNOWN ? Outcome.UNKNOWN : Outcome.NOT_APPLIED;
    return CopyFailure.refused(reason(outcome), fate, NO_TEXT);
  }

  private static String reason(WriteOutcome outcome) {
    if (outcome instanceof WriteOutcome.Unknown) {
      return "OUTCOME_UNKNOWN";
    }
    if (outcome instanceof WriteOutcome.NotLeader) {
      return "NOT_LEADER";
    }
    if (outcome instanceof WriteOutcome.NoLeader) {
      return "NO_LEADER";
    }
    if (outcome instanceof WriteOutcome.Dropped) {
      return "PROPOSAL_DROPPED";
    }
    if (outcome instanceof WriteOutcome.Overloaded) {
      return "OVERLOADED";
    }
    if (outcome instanceof WriteOutcome.NotReady) {
      return "NOT_READY";
    }
    return outcome instanceof WriteOutcome.Diverged ? "STATE_DIVERGED" : "INVALID_REQUEST";
  }

  private static CopyFailure refused(KvAnswer.Refusal refusal, boolean otherCopyUndecided) {
    Outcome notApplied = otherCopyUndecided ? Outcome.UNKNOWN : Outcome.NOT_APPLIED;
    if (refusal instanceof KvAnswer.SeqNumTooOld) {
      return CopyFailure.refused("SEQ_NUM_TOO_OLD", Outcome.UNKNOWN, NO_TEXT);
    }
    if (refusal instanceof KvAnswer.SessionExpired expired) {
      return CopyFailure.refused("SESSION_EXPIRED", Outcome.UNKNOWN, NO_TEXT)
          .withIndex(expired.currentIndex());
    }
    if (refusal instanceof KvAnswer.AnswerForgotten forgotten) {
      return CopyFailure.refused("ANSWER_FORGOTTEN", Outcome.APPLIED, NO_TEXT)
          .withIndex(forgotten.index());
    }
    if (refusal instanceof KvAnswer.CancelledByClient) {
      return CopyFailure.refused("CANCELLED_BY_CLIENT", Outcome.NOT_APPLIED, NO_TEXT);
    }
    String reason = refusal instanceof KvAnswer.SeqNumAhead ? "SEQ_NUM_AHEAD" : "REFUSED";
    return CopyFailure.refused(reason, notApplied, NO_TEXT);
  }

  static CopyFailure unread(ReadAnswer answer) {
    String reason = "OVERLOADED";
    if (answer instanceof ReadAnswer.NoLeader) {
      reason = "NO_LEADER";
    } else if (answer instanceof ReadAnswer.TooStale) {
      reason = "TOO_STALE";
    } else if (answer instanceof ReadAnswer.FutureIndex) {
      reason = "FUTURE_INDEX";
    } else if (answer instanceof ReadAnswer.NotReady) {
      reason = "NOT_READY";
    } else if (answer instanceof ReadAnswer.Diverged) {
      reason = "STATE_DIVERGED";
    }
    return CopyFailure.refused(reason, Outcome.NOT_APPLIED, NO_TEXT);
  }

  static Reply.Failed failed(@Nullable Sighting sighting, CopyFailure failure) {
    return new Reply.Failed(sighting, failure);
  }
}
