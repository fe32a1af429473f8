package raftkv.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import raftkv.port.EntryCodec;
import raftkv.port.PeerMessage;
import raftkv.port.StateHash;
import raftkv.proto.raft.v1.CoreMessage;
import raftkv.proto.raft.v1.ExchangeRequest;
import raftkv.proto.raft.v1.Standing;
import raftkv.raft.Abilities;
import raftkv.raft.Bytes;
import raftkv.raft.EntryKind;
import raftkv.raft.Envelope;
import raftkv.raft.Incarnation;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.RaftMessage;

class MessageCodecTest {
  private static final NodeId FROM = new NodeId(2);
  private static final NodeId SELF = new NodeId(1);
  private static final raftkv.raft.Standing STANDING =
      new raftkv.raft.Standing(new Incarnation(3, 4), true);
  private static final LogPosition LAST = new LogPosition(7, 3);

  static Stream<RaftMessage> messages() {
    return Stream.of(
        new RaftMessage.PreVote(6, LAST),
        new RaftMessage.PreVoteReply(6, true, null, STANDING),
        new RaftMessage.PreVoteReply(6, false, new NodeId(3), STANDING),
        new RaftMessage.RequestVote(LAST, true),
        new RaftMessage.RequestVote(LogPosition.ZERO, false),
        new RaftMessage.RequestVoteReply(true, STANDING),
        new RaftMessage.AppendEntries(LAST, List.of(), 5, 9, -1, false),
        new RaftMessage.AppendEntries(LAST, List.of(entry(8, 3), entry(9, 5)), 7, 10, 1_000, true),
        new RaftMessage.AppendEntriesReply(7, 10, null, STANDING, Abilities.ALL),
        new RaftMessage.AppendEntriesReply(
            7,
            10,
            new RaftMessage.Rejection(9, new LogPosition(8, 0)),
            STANDING,
            new Abilities(true, false, true)),
        new RaftMessage.TimeoutNow(7),
        new RaftMessage.ReadIndex(3),
        new RaftMessage.ReadIndexReply(3, 0));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void messageIsTheSameOnTheOtherSide(RaftMessage message) {
    PeerMessage.Core core = new PeerMessage.Core(new Envelope(FROM, SELF, 5, message));

    CoreMessage received = travel(MessageWriter.frame(core)).getCore();

    assertThat(new MessageReader(FROM, SELF).core(received)).isEqualTo(core);
  }

  @Test
  void everyKindOfMessageIsInTheTableAbove() {
    List<Class<?>> covered = new ArrayList<>();
    messages().forEach(message -> covered.add(message.getClass()));

    assertThat(covered).contains(RaftMessage.class.getPermittedSubclasses());
    assertThat(PeerMessage.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(
            PeerMessage.Core.class,
            PeerMessage.Digest.class,
            PeerMessage.DigestWanted.class,
            PeerMessage.SnapshotWanted.class);
  }

  @Test
  void digestIsTheSameOnTheOtherSide() {
    PeerMessage.Digest digest = new PeerMessage.Digest(1_024, new StateHash(-1, 5));

    ExchangeRequest received = travel(MessageWriter.frame(digest));

    assertThat(new MessageReader(FROM, SELF).digest(received.getDigest())).isEqualTo(digest);
  }

  @Test
  void questionsAreTheSameOnTheOtherSide() {
    PeerMessage.DigestWanted digest = new PeerMessage.DigestWanted(1_024);
    PeerMessage.SnapshotWanted snapshot = new PeerMessage.SnapshotWanted(77);

    ExchangeRequest first = travel(MessageWriter.frame(digest));
    ExchangeRequest second = travel(MessageWriter.frame(snapshot));

    assertThat(MessageReader.digestWanted(first.getDigestWanted())).isEqualTo(digest);
    assertThat(MessageReader.snapshotWanted(second.getSnapshotWanted())).isEqualTo(snapshot);
  }

  // The bytes that were forced are the bytes that travel, and nobody copies them on the way in.
  @Test
  void entriesShareTheArrayOfTheReceivedMessage() {
    LogEntry first = entry(8, 3);
    LogEntry second = entry(9, 3);
    PeerMessage.Core core =
        new PeerMessage.Core(
            new Envelope(
                FROM,
                SELF,
                5,
                new RaftMessage.AppendEntries(LAST, List.of(first, second), 7, 10, 0, false)));

    CoreMessage received = travel(MessageWriter.frame(core)).getCore();
    RaftMessage.AppendEntries append =
        (RaftMessage.AppendEntries)
            new MessageReader(FROM, SELF).core(received).envelope().message();

    assertThat(append.entries().get(0).encoded()).isEqualTo(first.encoded());
    assertThat(append.entries().get(0).encoded().array())
        .isSameAs(append.entries().get(1).encoded().array());
  }

  static Stream<Arguments> badMessages() {
    return Stream.of(
        bad("term", core(-1).setReadIndex(readIndex(1))),
        bad("not known here", core(5)),
        bad("question", core(5).setReadIndex(readIndex(0))),
        bad("half a position", core(5).setPreVote(preVote(6, 7, 0))),
        bad("half a position", core(5).setPreVote(preVote(6, 0, 2))),
        bad("prospective_term", core(5).setPreVote(preVote(0, 7, 2))),
        bad("earlier term", core(5).setRequestVote(requestVote(5))),
        bad("term 0", core(0).setAppendEntries(append(0, 0))),
        bad("later term", core(5).setAppendEntries(append(7, 6))),
        bad("round", core(5).setAppendEntries(append(7, 3).setRound(0))),
        bad("leader_commit", core(5).setAppendEntries(append(7, 3).setLeaderCommit(-1))),
        bad("quorum", core(5).setAppendEntries(append(7, 3).setQuorumContactAgeNanos(-2))),
        bad("contiguous", core(5).setAppendEntries(append(7, 3, entry(9, 3)))),
        bad("contiguous", core(5).setAppendEntries(append(7, 3, entry(8, 3), entry(8, 3)))),
        bad("fall", core(5).setAppendEntries(append(7, 3, entry(8, 2)))),
        bad("fall", core(5).setAppendEntries(append(7, 3, entry(8, 4), entry(9, 3)))),
        bad("its leader", core(5).setAppendEntries(append(7, 3, entry(8, 6)))),
        bad("damaged", core(5).setAppendEntries(append(7, 3).addEntries(flipped(entry(8, 3))))),
        bad("damaged", core(5).setAppendEntries(append(7, 3).addEntries(ByteString.EMPTY))),
        bad("incarnation", core(5).setRequestVoteReply(voteReply(ByteString.EMPTY))),
        bad("incarnation", core(5).setRequestVoteReply(voteReply(WireBytes.of(0, 0)))),
        bad("no node id", core(5).setPreVoteReply(preVoteReply(256))));
  }

  @ParameterizedTest
  @MethodSource("badMessages")
  void whatNoCorrectMemberSendsIsFoundOut(String part, CoreMessage message) {
    assertThatThrownBy(() -> new MessageReader(FROM, SELF).core(message))
        .isInstanceOf(BadPeerMessage.class)
        .hasMessageContaining(part);
  }

  private static Arguments bad(String part, CoreMessage.Builder message) {
    return Arguments.of(part, message.build());
  }

  private static CoreMessage.Builder core(long term) {
    return CoreMessage.newBuilder().setTerm(term);
  }

  private static raftkv.proto.raft.v1.ReadIndex.Builder readIndex(long question) {
    return raftkv.proto.raft.v1.ReadIndex.newBuilder().setQuestion(question);
  }

  private static raftkv.proto.raft.v1.LogPosition position(long index, long term) {
    return raftkv.proto.raft.v1.LogPosition.newBuilder().setIndex(index).setTerm(term).build();
  }

  private static raftkv.proto.raft.v1.PreVote.Builder preVote(long term, long index, long last) {
    return raftkv.proto.raft.v1.PreVote.newBuilder()
        .setProspectiveTerm(term)
        .setLast(position(index, last));
  }

  private static raftkv.proto.raft.v1.RequestVote.Builder requestVote(long lastTerm) {
    return raftkv.proto.raft.v1.RequestVote.newBuilder().setLast(position(7, lastTerm));
  }

  private static raftkv.proto.raft.v1.AppendEntries.Builder append(
      long prevIndex, long prevTerm, LogEntry... entries) {
    raftkv.proto.raft.v1.AppendEntries.Builder append =
        raftkv.proto.raft.v1.AppendEntries.newBuilder()
            .setPrev(position(prevIndex, prevTerm))
            .setRound(1);
    for (LogEntry entry : entries) {
      append.addEntries(WireBytes.wrap(entry.encoded()));
    }
    return append;
  }

  private static raftkv.proto.raft.v1.RequestVoteReply.Builder voteReply(ByteString incarnation) {
    return raftkv.proto.raft.v1.RequestVoteReply.newBuilder()
        .setStanding(Standing.newBuilder().setIncarnation(incarnation));
  }

  private static raftkv.proto.raft.v1.PreVoteReply.Builder preVoteReply(int leader) {
    return raftkv.proto.raft.v1.PreVoteReply.newBuilder()
        .setProspectiveTerm(6)
        .setLeader(leader)
        .setStanding(Standing.newBuilder().setIncarnation(WireBytes.of(1, 1)));
  }

  private static ByteString flipped(LogEntry entry) {
    byte[] bytes = entry.encoded().toByteArray();
    bytes[bytes.length - 1] ^= 1;
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  private static LogEntry entry(long index, long term) {
    return new EntryCodec()
        .encode(
            new LogPosition(index, term),
            EntryKind.COMMAND,
            Bytes.wrap(new byte[] {(byte) index, 2, 3}));
  }

  /** Through the bytes of the wire, parsed as the server parses them. */
  private static ExchangeRequest travel(ExchangeRequest frame) {
    try (ByteArrayInputStream wire = new ByteArrayInputStream(frame.toByteArray())) {
      return PeerMethods.EXCHANGE.parseRequest(wire);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
