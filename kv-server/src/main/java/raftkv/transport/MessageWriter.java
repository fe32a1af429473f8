package raftkv.transport;

import java.util.List;
import raftkv.port.PeerMessage;
import raftkv.proto.raft.v1.Abilities;
import raftkv.proto.raft.v1.AppendEntries;
import raftkv.proto.raft.v1.AppendEntriesReply;
import raftkv.proto.raft.v1.CoreMessage;
import raftkv.proto.raft.v1.Digest;
import raftkv.proto.raft.v1.DigestWanted;
import raftkv.proto.raft.v1.ExchangeRequest;
import raftkv.proto.raft.v1.LogPosition;
import raftkv.proto.raft.v1.PreVote;
import raftkv.proto.raft.v1.PreVoteReply;
import raftkv.proto.raft.v1.ReadIndex;
import raftkv.proto.raft.v1.ReadIndexReply;
import raftkv.proto.raft.v1.Rejection;
import raftkv.proto.raft.v1.RequestVote;
import raftkv.proto.raft.v1.RequestVoteReply;
import raftkv.proto.raft.v1.SnapshotWanted;
import raftkv.proto.raft.v1.Standing;
import raftkv.proto.raft.v1.TimeoutNow;
import raftkv.raft.LogEntry;
import raftkv.raft.RaftMessage;

/** Turns what a node sends into frames. {@link MessageReader} is the other direction. */
final class MessageWriter {
  private MessageWriter() {}

  static ExchangeRequest frame(PeerMessage message) {
    ExchangeRequest.Builder frame = ExchangeRequest.newBuilder();
    if (message instanceof PeerMessage.Core core) {
      return frame.setCore(core(core.envelope().term(), core.envelope().message())).build();
    }
    if (message instanceof PeerMessage.Digest digest) {
      return frame
          .setDigest(
              Digest.newBuilder()
                  .setIndex(digest.index())
                  .setHash(WireBytes.of(digest.hash().high(), digest.hash().low())))
          .build();
    }
    if (message instanceof PeerMessage.DigestWanted wanted) {
      return frame.setDigestWanted(DigestWanted.newBuilder().setIndex(wanted.index())).build();
    }
    if (message instanceof PeerMessage.SnapshotWanted wanted) {
      return frame
          .setSnapshotWanted(SnapshotWanted.newBuilder().setMinIndex(wanted.minIndex()))
          .build();
    }
    throw new IllegalArgumentException("no frame for " + message.getClass());
  }

  // Long, because it is one table: a line for each kind of message.
  private static CoreMessage core(long term, RaftMessage message) {
    CoreMessage.Builder core = CoreMessage.newBuilder().setTerm(term);
    if (message instanceof RaftMessage.AppendEntries append) {
      return core.setAppendEntries(append(append)).build();
    }
    if (message instanceof RaftMessage.AppendEntriesReply reply) {
      return core.setAppendEntriesReply(appendReply(reply)).build();
    }
    if (message instanceof RaftMessage.PreVote preVote) {
      return core.setPreVote(preVote(preVote)).build();
    }
    if (message instanceof RaftMessage.PreVoteReply reply) {
      return core.setPreVoteReply(preVoteReply(reply)).build();
    }
    if (message instanceof RaftMessage.RequestVote vote) {
      return core.setRequestVote(requestVote(vote)).build();
    }
    if (message instanceof RaftMessage.RequestVoteReply reply) {
      return core.setRequestVoteReply(requestVoteReply(reply)).build();
    }
    if (message instanceof RaftMessage.TimeoutNow now) {
      return core.setTimeoutNow(TimeoutNow.newBuilder().setLastIndex(now.lastIndex())).build();
    }
    if (message instanceof RaftMessage.ReadIndex read) {
      return core.setReadIndex(ReadIndex.newBuilder().setQuestion(read.question())).build();
    }
    if (message instanceof RaftMessage.ReadIndexReply reply) {
      return core.setReadIndexReply(readIndexReply(reply)).build();
    }
    throw new IllegalArgumentException("no frame for " + message.getClass());
  }

  private static AppendEntries append(RaftMessage.AppendEntries append) {
    AppendEntries.Builder builder =
        AppendEntries.newBuilder()
            .setPrev(position(append.prev()))
            .setLeaderCommit(append.leaderCommit())
            .setRound(append.round())
            .setQuorumContactAgeNanos(append.quorumContactAgeNanos())
            .setAnswerMayWait(append.answerMayWait());
    List<LogEntry> entries = append.entries();
    for (int i = 0; i < entries.size(); i++) {
      builder.addEntries(WireBytes.wrap(entries.get(i).encoded()));
    }
    return builder.build();
  }

  private static AppendEntriesReply appendReply(RaftMessage.AppendEntriesReply reply) {
    AppendEntriesReply.Builder builder =
        AppendEntriesReply.newBuilder()
            .setMatchIndex(reply.matchIndex())
            .setRound(reply.round())
            .setStanding(standing(reply.standing()))
            .setAbilities(
                Abilities.newBuilder()
                    .setMayCampaign(reply.abilities().mayCampaign())
                    .setMayLead(reply.abilities().mayLead())
                    .setMayAppend(reply.abilities().mayAppend()));
    RaftMessage.Rejection rejection = reply.rejection();
    if (rejection != null) {
      builder.setRejection(
          Rejection.newBuilder()
              .setPrevIndex(rejection.prevIndex())
              .setConflict(position(rejection.conflict())));
    }
    return builder.build();
  }

  private static PreVote preVote(RaftMessage.PreVote preVote) {
    return PreVote.newBuilder()
        .setProspectiveTerm(preVote.prospectiveTerm())
        .setLast(position(preVote.last()))
        .build();
  }

  private static PreVoteReply preVoteReply(RaftMessage.PreVoteReply reply) {
    PreVoteReply.Builder builder =
        PreVoteReply.newBuilder()
            .setProspectiveTerm(reply.prospectiveTerm())
            .setGranted(reply.granted())
            .setStanding(standing(reply.standing()));
    if (reply.leader() != null) {
      builder.setLeader(reply.leader().value());
    }
    return builder.build();
  }

  private static RequestVote requestVote(RaftMessage.RequestVote vote) {
    return RequestVote.newBuilder()
        .setLast(position(vote.last()))
        .setTransfer(vote.transfer())
        .build();
  }

  private static RequestVoteReply requestVoteReply(RaftMessage.RequestVoteReply reply) {
    return RequestVoteReply.newBuilder()
        .setGranted(reply.granted())
        .setStanding(standing(reply.standing()))
        .build();
  }

  private static ReadIndexReply readIndexReply(RaftMessage.ReadIndexReply reply) {
    return ReadIndexReply.newBuilder()
        .setQuestion(reply.question())
        .setReadIndex(reply.readIndex())
        .build();
  }

  private static LogPosition position(raftkv.raft.LogPosition position) {
    return LogPosition.newBuilder().setIndex(position.index()).setTerm(position.term()).build();
  }

  private static Standing standing(raftkv.raft.Standing standing) {
    return Standing.newBuilder()
        .setIncarnation(WireBytes.ofIncarnation(standing.incarnation()))
        .setAdmitted(standing.admitted())
        .build();
  }
}
