package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import raftkv.port.EntryCodec;
import raftkv.raft.Bytes;
import raftkv.raft.NodeId;
import raftkv.raft.RaftConfig;

/**
 * What waits for the end of a turn is done then, and never waits for a turn that nobody asked for.
 */
class TurnEndTest {
  private static final NodeId SELF = new NodeId(1);

  private final VirtualTime time = new VirtualTime();
  private final RaftConfig raft = RaftConfig.of(SELF, List.of(SELF), new EntryCodec(), Bytes.EMPTY);
  private final Inbox inbox = new Inbox(time.new Loop(), NodeConfig.of(raft));
  private final TurnEnd end = new TurnEnd(inbox);
  private final List<String> story = new ArrayList<>();

  @BeforeEach
  void runTurns() {
    inbox.onArrival(
        () -> {
          inbox.turnBegins();
          end.turnBegins();
          story.add("turn");
          end.run();
        });
    time.pass(1);
    story.clear();
  }

  @Test
  void tasksOfATurnRunInOrderWhenItEnds() {
    end.turnBegins();
    end.add(() -> story.add("one"));
    end.add(() -> story.add("two"));
    assertThat(story).isEmpty();

    end.run();
    time.pass(1);

    assertThat(story).containsExactly("one", "two");
  }

  @Test
  void taskThatComesBetweenTurnsGetsATurn() {
    end.add(() -> story.add("task"));

    time.pass(1);

    assertThat(story).containsExactly("turn", "task");
  }

  @Test
  void taskRunsOnce() {
    end.turnBegins();
    end.add(() -> story.add("task"));
    end.run();

    end.turnBegins();
    end.run();

    assertThat(story).containsExactly("task");
  }
}
