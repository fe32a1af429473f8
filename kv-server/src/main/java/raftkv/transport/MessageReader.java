package raftkv.transport;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.port.EntryCodec;
import raftkv.port.MalformedEntry;
import raftkv.port.PeerMessage;
import raftkv.port.StateHash;
import raftkv.proto.raft.v1.Abilities;
import raftkv.proto.raft.v1.AppendEntries;
import raftkv.proto.raft.v1.AppendEntriesReply;
import raftkv.proto.raft.v1.CoreMessage;
import raftkv.proto.raft.v1.Digest;
import raftkv.proto.raft.v1.DigestWanted;
import raftkv.proto.raft.v1.Rejection;
import raftkv.proto.raft.v1.RequestVote;
import raftkv.proto.raft.v1.SnapshotWanted;
import raftkv.proto.raft.v1.Standing;
import raftkv.raft.Envelope;
import raftkv.raft.Incarnation;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.RaftMessage;

/**
 * Turns frames into what a node takes, and is where anything that a correct member would not send
 * is found out: ranges, contiguity, terms, checksums. The core may then treat a contradiction as
 * its own bug.
 */
final class MessageReader {
  private final NodeId from;
  private final NodeId self;

  /** For the messages of one stream. */
  MessageReader(NodeId from, NodeId self) {
    this.from = from;
    this.self = self;
  }

  /**
   * Reads a message of the core.
   *
   * @throws BadPeerMessage if a correct member would not have sent it
   */
  PeerMessage.Core core(CoreMessage core) {
    long term = notNegative(core.getTerm(), "term");
    return new PeerMessage.Core(new Envelope(from, self, term, message(term, core)));
  }

  /** Reads a digest, under the same conditions. */
  PeerMessage.Digest digest(Digest digest) {
    long[] hash = WireBytes.id(digest.getHash(), "hash");
    return new PeerMessage.Digest(
        positive(digest.getIndex(), "index"), new StateHash(hash[0], hash[1]));
  }

  /** Reads a question for a digest, under the same conditions. */
  static PeerMessage.DigestWanted digestWanted(DigestWanted wanted) {
    return new PeerMessage.DigestWanted(positive(wanted.getIndex(), "index"));
  }

  /** Reads a question for a snapshot, under the same conditions. */
  static PeerMessage.SnapshotWanted snapshotWanted(SnapshotWanted wanted) {
    return new PeerMessage.SnapshotWanted(notNegative(wanted.getMinIndex(), "min_index"));
  }

  private static RaftMessage message(long term, CoreMessage core) {
    return switch (core.getMessageCase()) {
      case PRE_VOTE ->
          new RaftMessage.PreVote(
              positive(core.getPreVote().getProspectiveTerm(), "prospective_term"),
              position(core.getPreVote().getLast(), "last"));
      case PRE_VOTE_REPLY ->
          new RaftMessage.PreVoteReply(
              positive(core.getPreVoteReply().getProspectiveTerm(), "prospective_term"),
              core.getPreVoteReply().getGranted(),
              optionalNode(core.getPreVoteReply().getLeader(), "leader"),
              standing(core.getPreVoteReply().getStanding()));
      case REQUEST_VOTE -> requestVote(term, core.getRequestVote());
      case REQUEST_VOTE_REPLY ->
          new RaftMessage.RequestVoteReply(
              core.getRequestVoteReply().getGranted(),
              standing(core.getRequestVoteReply().getStanding()));
      case APPEND_ENTRIES -> append(term, core.getAppendEntries());
      case APPEND_ENTRIES_REPLY -> appendReply(core.getAppendEntriesReply());
      case TIMEOUT_NOW ->
          new RaftMessage.TimeoutNow(
              notNegative(core.getTimeoutNow().getLastIndex(), "last_index"));
      case READ_INDEX ->
          new RaftMessage.ReadIndex(positive(core.getReadIndex().getQuestion(), "question"));
      case READ_INDEX_REPLY ->
          new RaftMessage.ReadIndexReply(
              positive(core.getReadIndexReply().getQuestion(), "question"),
              notNegative(core.getReadIndexReply().getReadIndex(), "read_index"));
      case MESSAGE_NOT_SET -> throw new BadPeerMessage("a message of a kind not known here");
    };
  }

  private static RaftMessage requestVote(long term, RequestVote vote) {
    LogPosition last = position(vote.getLast(), "last");
    BadPeerMessage.unless(last.term() < term, "a candidate's log ends in an earlier term");
    return new RaftMessage.RequestVote(last, vote.getTransfer());
  }

  private static RaftMessage append(long term, AppendEntries append) {
    BadPeerMessage.unless(term >= 1, "no leader in term 0");
    LogPosition prev = position(append.getPrev(), "prev");
    BadPeerMessage.unless(prev.term() <= term, "prev is of a later term");
    BadPeerMessage.unless(append.getQuorumContactAgeNanos() >= -1, "quorum_contact_age_nanos");
    return new RaftMessage.AppendEntries(
        prev,
        entries(term, prev, append),
        notNegative(append.getLeaderCommit(), "leader_commit"),
        positive(append.getRound(), "round"),
        append.getQuorumContactAgeNanos(),
        append.getAnswerMayWait());
  }

  private static List<LogEntry> entries(long term, LogPosition prev, AppendEntries append) {
    int count = append.getEntriesCount();
    if (count == 0) {
      return List.of();
    }
    List<LogEntry> entries = new ArrayList<>(count);
    long index = prev.index();
    long lastTerm = prev.term();
    for (int i = 0; i < count; i++) {
      LogEntry entry = entry(append.getEntries(i));
      BadPeerMessage.unless(entry.index() == ++index, "entries are not contiguous");
      BadPeerMessage.unless(entry.term() >= lastTerm, "terms of entries fall");
      BadPeerMessage.unless(entry.term() <= term, "an entry is of a later term than its leader");
      lastTerm = entry.term();
      entries.add(entry);
    }
    return entries;
  }

  /** An entry, checked against its own checksum. */
  static LogEntry entry(ByteString encoded) {
    try {
      return EntryCodec.decode(WireBytes.unwrap(encoded));
    } catch (MalformedEntry malformed) {
      throw new BadPeerMessage("damaged entry: " + malformed.getMessage());
    }
  }

  private static RaftMessage appendReply(AppendEntriesReply reply) {
    Abilities abilities = reply.getAbilities();
    return new RaftMessage.AppendEntriesReply(
        notNegative(reply.getMatchIndex(), "match_index"),
        notNegative(reply.getRound(), "round"),
        reply.hasRejection() ? rejection(reply.getRejection()) : null,
        standing(reply.getStanding()),
        new raftkv.raft.Abilities(
            abilities.getMayCampaign(), abilities.getMayLead(), abilities.getMayAppend()));
  }

  private static RaftMessage.Rejection rejection(Rejection rejection) {
    raftkv.proto.raft.v1.LogPosition conflict = rejection.getConflict();
    // Term 0 with an index says that the log is too short: no position of an entry.
    return new RaftMessage.Rejection(
        positive(rejection.getPrevIndex(), "prev_index"),
        new LogPosition(
            positive(conflict.getIndex(), "conflict.index"),
            notNegative(conflict.getTerm(), "conflict.term")));
  }

  private static LogPosition position(raftkv.proto.raft.v1.LogPosition position, String field) {
    long index = notNegative(position.getIndex(), field);
    long term = notNegative(position.getTerm(), field);
    BadPeerMessage.unless((index == 0) == (term == 0), field + " is half a position");
    return new LogPosition(index, term);
  }

  private static raftkv.raft.Standing standing(Standing standing) {
    long[] id = WireBytes.id(standing.getIncarnation(), "incarnation");
    Incarnation incarnation = new Incarnation(id[0], id[1]);
    BadPeerMessage.unless(!incarnation.isNone(), "incarnation is missing");
    return new raftkv.raft.Standing(incarnation, standing.getAdmitted());
  }

  static NodeId node(int value, String field) {
    BadPeerMessage.unless(value >= 1 && value <= NodeId.MAX, field + " is no node id: " + value);
    return new NodeId(value);
  }

  static @Nullable NodeId optionalNode(int value, String field) {
    return value == 0 ? null : node(value, field);
  }

  private static long notNegative(long value, String field) {
    BadPeerMessage.unless(value >= 0, field + " is out of range");
    return value;
  }

  private static long positive(long value, String field) {
    BadPeerMessage.unless(value >= 1, field + " is out of range");
    return value;
  }
}
