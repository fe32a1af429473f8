package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import raftkv.port.EntryCodec;
import raftkv.raft.Bytes;
import raftkv.raft.DurableState;
import raftkv.raft.EntryKind;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.RaftConfig;
import raftkv.raft.RaftNode;
import raftkv.raft.Xoshiro256;

/** What a caller is told whose index is not applied in time. */
class HashDeskTest {
  private static final int REPLAY_TARGET = 2;

  private final EntryCodec codec = new EntryCodec();
  private final RaftConfig config =
      RaftConfig.of(
          new NodeId(1), List.of(new NodeId(1), new NodeId(2), new NodeId(3)), codec, Bytes.EMPTY);
  private final Situation situation =
      new Situation(
          NodeConfig.of(config),
          RaftNode.restore(config, DurableState.BLANK, new Xoshiro256(1), 0),
          REPLAY_TARGET,
          null,
          () -> 0,
          () -> {});
  private final TextMachine machine = new TextMachine();
  private final HashDesk desk =
      new HashDesk(situation, machine, new HashRing(), new IndexWaiters());

  /** Who has named no index has named none that lies ahead. */
  @Test
  void nodeThatStillReplaysIsNotReady() {
    machine.apply(codec.encode(new LogPosition(1, 1), EntryKind.NOOP, Bytes.EMPTY));

    assertThat(hashAtItsDeadline(0)).isEqualTo(new HashAnswer.NotReady(Situation.REPLAYING));
  }

  @Test
  void indexThatDoesNotComeLiesInTheFuture() {
    machine.apply(codec.encode(new LogPosition(1, 1), EntryKind.NOOP, Bytes.EMPTY));
    machine.apply(codec.encode(new LogPosition(2, 1), EntryKind.NOOP, Bytes.EMPTY));

    assertThat(hashAtItsDeadline(3)).isEqualTo(new HashAnswer.FutureIndex(3, 2));
  }

  private HashAnswer hashAtItsDeadline(long index) {
    Answer<HashAnswer> answer = new Answer<>();
    desk.begin(new HashRequest(index, 10), answer);
    assertThat(answer.isThere()).isFalse();
    situation.deadlines.expire(10);
    return answer.get();
  }
}
