package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import raftkv.port.EntryCodec;
import raftkv.raft.Bytes;
import raftkv.raft.NodeId;
import raftkv.raft.RaftConfig;

class TurnEndTest {
  private static final NodeId SELF = new NodeId(1);

  private final VirtualTime time = new VirtualTime();
  private final List<String> done = new ArrayList<>();
  private final TurnEnd turnEnd =
      new TurnEnd(
          new Inbox(
              time.new Loop(),
              NodeConfig.of(RaftConfig.of(SELF, List.of(SELF), new EntryCodec(), Bytes.EMPTY))));

  @Test
  void whatIsAddedInATurnWaitsForItsEnd() {
    turnEnd.turnBegins();
    turnEnd.add(() -> done.add("first"));
    turnEnd.add(() -> done.add("second"));
    time.pass(VirtualTime.MILLI);
    assertThat(done).isEmpty();

    turnEnd.run();

    assertThat(done).containsExactly("first", "second");
  }

  /** A server calls itself before its node takes part, when there are no turns yet. */
  @Test
  void outsideOfATurnNobodyWaitsForTheNext() {
    turnEnd.add(() -> done.add("first"));
    turnEnd.add(() -> done.add("second"));
    assertThat(done).isEmpty();

    time.pass(VirtualTime.MILLI);

    assertThat(done).containsExactly("first", "second");
    turnEnd.add(() -> done.add("third"));
    time.pass(VirtualTime.MILLI);
    assertThat(done).containsExactly("first", "second", "third");
  }
}
