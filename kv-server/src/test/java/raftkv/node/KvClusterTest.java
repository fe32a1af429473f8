package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import raftkv.kv.AnswerCodec;
import raftkv.kv.CommandCodec;
import raftkv.kv.KvAnswer;
import raftkv.kv.KvCommand;
import raftkv.kv.KvLimits;
import raftkv.kv.KvStateMachine;
import raftkv.kv.KvValue;
import raftkv.kv.RequestIdentity;
import raftkv.node.WriteOutcome.Applied;
import raftkv.raft.Bytes;
import raftkv.raft.NodeId;

/** The real state machine in the loop: exactly once over forwarding, leader change and restart. */
class KvClusterTest {
  private final MemoryCluster cluster = new MemoryCluster(3, 101);
  private final Map<NodeId, KvStateMachine> machines = new TreeMap<>();

  KvClusterTest() {
    cluster.limits = KvLimits.DEFAULTS.encode();
    cluster.machines =
        node -> {
          machines.put(node.id, new KvStateMachine());
          return machine(node);
        };
    cluster.startAll();
    cluster.awaitLeader();
  }

  private KvStateMachine machine(ClusterNode node) {
    KvStateMachine machine = machines.get(node.id);
    assertThat(machine).isNotNull();
    return machine;
  }

  private static Bytes key(String name) {
    return Bytes.wrap(name.getBytes(StandardCharsets.UTF_8));
  }

  private static Bytes put(String key, String value, String client, long seqNum) {
    RequestIdentity identity = RequestIdentity.of(client, seqNum);
    return CommandCodec.encode(new KvCommand.Put(identity, key(key), KvValue.text(value)));
  }

  private KvAnswer.PutDone done(Answer<WriteOutcome> answer) {
    WriteOutcome outcome = cluster.await(answer);
    assertThat(outcome).isInstanceOf(Applied.class);
    return (KvAnswer.PutDone) AnswerCodec.decode(((Applied) outcome).answer());
  }

  @Test
  void hundredKeysAreOnAllReplicasWithEqualHashes() {
    for (int i = 1; i <= 100; i++) {
      done(cluster.leaderNow().command(put("key" + i, "value" + i, "client", i)));
    }
    long index = machine(cluster.leaderNow()).appliedIndex();
    cluster.await(
        "all applied",
        () -> machines.values().stream().allMatch(machine -> machine.appliedIndex() == index));

    for (ClusterNode node : cluster.running()) {
      assertThat(machine(node).keyCount()).isEqualTo(100);
      assertThat(machine(node).hash()).isEqualTo(machine(cluster.node(1)).hash());
      assertThat(machine(node).recomputeHash()).isEqualTo(machine(node).hash());
    }
  }

  @Test
  void duplicateAfterLeaderChangeAndRestartGetsTheFirstAnswer() {
    ClusterNode old = cluster.leaderNow();
    KvAnswer.PutDone first = done(old.command(put("a", "1", "client", 1)));
    done(old.command(put("a", "2", "other", 1)));
    old.kill();
    ClusterNode leader = cluster.awaitLeader();

    KvAnswer.PutDone again = done(leader.command(put("a", "1", "client", 1)));
    cluster.running().forEach(ClusterNode::kill);
    cluster.startAll();
    KvAnswer.PutDone afterRestart = done(cluster.awaitLeader().command(put("a", "1", "client", 1)));

    assertThat(again.deduplicated()).isTrue();
    assertThat(again.index()).isEqualTo(first.index());
    assertThat(afterRestart).isEqualTo(again);
    assertThat(machine(cluster.leaderNow()).get(key("a"))).isNotNull();
    assertThat(machine(cluster.leaderNow()).get(key("a")).value().text()).isEqualTo("2");
  }

  /** The forwarder sends it again after the leader died with the first copy replicated. */
  @Test
  void writeThatIsSentTwiceByTheForwarderIsAppliedOnce() {
    ClusterNode old = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(old);
    Answer<WriteOutcome> answer = follower.command(put("a", "1", "client", 1));
    // Forwarded, appended at the followers, not yet answered.
    cluster.time.pass(750_000);
    old.kill();

    KvAnswer.PutDone done = done(answer);

    assertThat(((Applied) answer.get()).otherCopyUndecided()).isTrue();
    assertThat(done.version()).isEqualTo(1);
    assertThat(done.deduplicated()).isTrue();
  }
}
