package raftkv.transport;

import raftkv.port.ForwardReply;
import raftkv.proto.raft.v1.ForwardResponse;
import raftkv.proto.raft.v1.LogPosition;
import raftkv.proto.raft.v1.NotAppliedReason;

/** The answer to a forwarded write, as a message and back. */
final class ForwardCodec {
  private ForwardCodec() {}

  static ForwardResponse.Answer write(long id, ForwardReply reply) {
    ForwardResponse.Answer.Builder answer = ForwardResponse.Answer.newBuilder().setId(id);
    if (reply instanceof ForwardReply.Applied applied) {
      return answer
          .setApplied(
              ForwardResponse.Applied.newBuilder()
                  .setPosition(
                      LogPosition.newBuilder()
                          .setIndex(applied.position().index())
                          .setTerm(applied.position().term()))
                  .setAnswer(WireBytes.wrap(applied.answer())))
          .build();
    }
    if (reply instanceof ForwardReply.NotApplied notApplied) {
      ForwardResponse.NotApplied.Builder refused =
          ForwardResponse.NotApplied.newBuilder()
              .setReason(reason(notApplied.reason()))
              .setDetail(notApplied.detail());
      if (notApplied.leaderHint() != null) {
        refused.setLeaderHint(notApplied.leaderHint().value());
      }
      return answer.setNotApplied(refused).build();
    }
    if (reply instanceof ForwardReply.Unknown unknown) {
      return answer
          .setUnknown(ForwardResponse.Unknown.newBuilder().setDetail(unknown.detail()))
          .build();
    }
    throw new IllegalArgumentException("no message for " + reply.getClass());
  }

  /** What cannot be understood is unknown: never a definite answer that nobody gave. */
  static ForwardReply read(ForwardResponse.Answer answer) {
    try {
      return switch (answer.getResultCase()) {
        case APPLIED -> applied(answer.getApplied());
        case NOT_APPLIED -> notApplied(answer.getNotApplied());
        case UNKNOWN -> new ForwardReply.Unknown(answer.getUnknown().getDetail());
        case RESULT_NOT_SET -> new ForwardReply.Unknown("an answer of a kind not known here");
      };
    } catch (BadPeerMessage bad) {
      return new ForwardReply.Unknown("bad answer: " + bad.getMessage());
    }
  }

  private static ForwardReply applied(ForwardResponse.Applied applied) {
    long index = applied.getPosition().getIndex();
    long term = applied.getPosition().getTerm();
    BadPeerMessage.unless(index >= 1 && term >= 1, "position is out of range");
    return new ForwardReply.Applied(
        new raftkv.raft.LogPosition(index, term), WireBytes.unwrap(applied.getAnswer()));
  }

  private static ForwardReply notApplied(ForwardResponse.NotApplied refused) {
    return new ForwardReply.NotApplied(
        reason(refused.getReason()),
        MessageReader.optionalNode(refused.getLeaderHint(), "leader_hint"),
        refused.getDetail());
  }

  private static NotAppliedReason reason(ForwardReply.Reason reason) {
    return switch (reason) {
      case NOT_LEADER -> NotAppliedReason.NOT_APPLIED_REASON_NOT_LEADER;
      case OVERLOADED -> NotAppliedReason.NOT_APPLIED_REASON_OVERLOADED;
      case DROPPED -> NotAppliedReason.NOT_APPLIED_REASON_DROPPED;
      case NOT_READY -> NotAppliedReason.NOT_APPLIED_REASON_NOT_READY;
      case INVALID -> NotAppliedReason.NOT_APPLIED_REASON_INVALID;
      case DISK_FULL -> NotAppliedReason.NOT_APPLIED_REASON_DISK_FULL;
    };
  }

  private static ForwardReply.Reason reason(NotAppliedReason reason) {
    return switch (reason) {
      case NOT_APPLIED_REASON_NOT_LEADER -> ForwardReply.Reason.NOT_LEADER;
      case NOT_APPLIED_REASON_OVERLOADED -> ForwardReply.Reason.OVERLOADED;
      case NOT_APPLIED_REASON_DROPPED -> ForwardReply.Reason.DROPPED;
      case NOT_APPLIED_REASON_INVALID -> ForwardReply.Reason.INVALID;
      case NOT_APPLIED_REASON_DISK_FULL -> ForwardReply.Reason.DISK_FULL;
      case NOT_APPLIED_REASON_NOT_READY, NOT_APPLIED_REASON_UNSPECIFIED, UNRECOGNIZED ->
          ForwardReply.Reason.NOT_READY;
    };
  }
}
