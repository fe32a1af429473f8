package raftkv.bench.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StackTest {
  private static final Stack COPY =
      new Stack(
          List.of(
              "java.util.Arrays.copyOf:3512",
              "raftkv.kv.KvStore.put:40",
              "raftkv.node.Applier.apply:12",
              "raftkv.kv.KvStore.put:38",
              "java.lang.Thread.run:840"));

  @Test
  void timeBelongsToTheInnermostMethodAndToOurInnermost() {
    assertThat(COPY.self()).isEqualTo("java.util.Arrays.copyOf");
    assertThat(COPY.ours()).isEqualTo("raftkv.kv.KvStore.put");
    assertThat(COPY.site()).isEqualTo("raftkv.kv.KvStore.put:40 > java.util.Arrays.copyOf");
  }

  @Test
  void aMethodThatIsOnTheStackTwiceCountsOnce() {
    assertThat(COPY.allOurs())
        .containsExactly("raftkv.kv.KvStore.put", "raftkv.node.Applier.apply");
  }

  @Test
  void aStackWithoutOurMethodsIsSaidToBeOne() {
    Stack stack = new Stack(List.of("io.grpc.netty.shaded.io.netty.channel.Channel.read:7"));

    assertThat(stack.self()).isEqualTo("io.netty.channel.Channel.read");
    assertThat(stack.ours()).isEqualTo(Stack.NOT_OURS);
    assertThat(stack.allOurs()).isEmpty();
    assertThat(new Stack(List.of()).self()).isEqualTo("(unknown)");
  }
}
