package raftkv.bench.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoryTest {
  private static final long STRUCK = 1_000_000;

  @Test
  void nodesAndClientAreToldInOneOrderOfTimeFromTheStrike() {
    List<LogLine> nodes =
        List.of(
            new LogLine(2, STRUCK + 30_000, "became candidate"),
            new LogLine(2, STRUCK + 31_000, "nothing of interest"),
            new LogLine(3, STRUCK + 900_000, "elected leader, but much later"));
    List<ClientTrace.Line> client =
        List.of(new ClientTrace.Line(STRUCK + 12_500, "asking b who leads"));

    assertThat(Story.of(nodes, client, LogWords.KV, STRUCK - 60_000, STRUCK + 100_000, STRUCK))
        .containsExactly(
            "    +12.5  client: asking b who leads", "    +30.0  node 2: became candidate");
  }

  @Test
  void ofWhatIsSaidOfEachWriteAFewLinesAreEnough() {
    List<ClientTrace.Line> client = new ArrayList<>();
    for (int i = -50; i < 50; i++) {
      client.add(new ClientTrace.Line(STRUCK + i * 1_000L, "Put copy 1 to a:9001"));
    }

    assertThat(Story.of(List.of(), client, LogWords.KV, 0, 2 * STRUCK, STRUCK))
        .hasSize(12)
        .first()
        .isEqualTo("     +0.0  client: Put copy 1 to a:9001");
  }
}
