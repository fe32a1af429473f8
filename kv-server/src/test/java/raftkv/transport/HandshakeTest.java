package raftkv.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import raftkv.proto.raft.v1.Hello;
import raftkv.raft.ClusterId;
import raftkv.raft.NodeId;

/** Safety rule 5.5: what a first message is refused for, one difference at a time. */
class HandshakeTest {
  private static final ClusterId RED = new ClusterId(1, 1);
  private static final NodeId TWO = new NodeId(2);

  private final Handshake one =
      new Handshake(TestLink.settings(1, 11, Map.of(2, 9002, 3, 9003)), RED);
  private final Handshake two =
      new Handshake(TestLink.settings(2, 22, Map.of(1, 9001, 3, 9003)), RED);

  static Stream<Arguments> differences() {
    return Stream.of(
        different("node 1 was taken for node 3 by node 2", hello -> hello.setReceiver(3)),
        different("node 3 answered where node 2 was expected", hello -> hello.setSender(3)),
        different(
            "node 2 has members [1, 2], node 1 has members [1, 2, 3]",
            hello -> hello.clearMembers().addMembers(1).addMembers(2)),
        different(
            "node 2 speaks protocol 2 to 3, node 1 speaks 1 to 1",
            hello -> hello.setMinProtocol(2).setMaxProtocol(3)),
        different(
            "its data is of another cluster",
            hello -> hello.setClusterId(WireBytes.ofClusterId(new ClusterId(2, 2)))));
  }

  @ParameterizedTest
  @MethodSource("differences")
  void differenceIsRefusedInOneSentence(String part, Consumer<Hello.Builder> change) {
    Hello.Builder hello = two.hello(new NodeId(1), 1).toBuilder();
    change.accept(hello);

    assertThat(one.refusal(hello.build(), TWO)).contains(part).doesNotContain("\n");
  }

  @Test
  void whatFitsIsTaken() {
    Hello hello = two.hello(new NodeId(1), 1);

    assertThat(one.refusal(hello, TWO)).isNull();
    assertThat(one.refusal(hello, null)).isNull();
    assertThat(one.refusal(hello.toBuilder().clearClusterId().build(), TWO)).isNull();
    assertThat(one.warning(hello)).isNull();
  }

  @Test
  void strangerAndMirrorImageAreRefused() {
    Hello hello = two.hello(new NodeId(1), 1);

    assertThat(one.refusal(hello.toBuilder().setSender(9).build(), null))
        .contains("node 9 is not a peer of node 1");
    assertThat(one.refusal(hello.toBuilder().setSender(1).build(), null))
        .contains("node 1 is not a peer of node 1");
  }

  @Test
  void otherTimesAreAWarningOnly() {
    Hello hello =
        two.hello(new NodeId(1), 1).toBuilder()
            .setElectionTimeoutMaxMs(900)
            .setHeartbeatMs(70)
            .build();

    assertThat(one.refusal(hello, TWO)).isNull();
    assertThat(one.warning(hello))
        .contains("election timeout 150-900 ms there, 150-300 ms here")
        .contains("heartbeat 70 ms there, 50 ms here");
  }

  private static Arguments different(String part, Consumer<Hello.Builder> change) {
    return Arguments.of(part, change);
  }
}
