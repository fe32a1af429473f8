package raftkv.bench.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final long STRUCK = LogLine.micros(Instant.parse("2026-11-21T10:00:00.100Z"));

  private static List<LogLine> kv(int node, String... lines) {
    return LogLine.parse(node, List.of(lines), LogWords.KV);
  }

  @Test
  void readsThePartsFromTheWinnersLog() {
    List<LogLine> lines = new ArrayList<>();
    lines.addAll(
        kv(
            2,
            "2026-11-21T10:00:00.090Z INFO  elected leader for term 3 with votes of 1, 2 node=2",
            "2026-11-21T10:00:00.112Z INFO  connection to leader 1 lost, starting pre-vote node=2",
            "2026-11-21T10:00:00.114Z INFO  became candidate node=2 term=5",
            "2026-11-21T10:00:00.119Z INFO  elected leader for term 5 with votes of 2, 3 node=2"));
    lines.addAll(
        kv(
            3,
            "2026-11-21T10:00:00.111Z INFO  connection to leader 1 lost, starting pre-vote node=3",
            "\tat some.Where(Where.java:1)"));

    Timeline timeline = Timeline.of(lines, LogWords.KV, STRUCK);

    assertThat(timeline).isEqualTo(new Timeline(11, 12, 14, 19, 1));
  }

  @Test
  void roundsThatCameToNothingBelongToTheDetection() {
    List<LogLine> lines =
        kv(
            2,
            "2026-11-21T10:00:00.300Z INFO  heartbeat timeout: starting pre-vote node=2",
            "2026-11-21T10:00:00.305Z INFO  became candidate node=2 term=5",
            "2026-11-21T10:00:00.500Z INFO  election timeout: starting pre-vote node=2",
            "2026-11-21T10:00:00.503Z INFO  became candidate node=2 term=6",
            "2026-11-21T10:00:00.507Z INFO  elected leader for term 6 with votes of 2, 3 node=2");

    assertThat(Timeline.of(lines, LogWords.KV, STRUCK))
        .isEqualTo(new Timeline(200, 400, 403, 407, 2));
  }

  @Test
  void readsEtcdsLog() {
    String prefix = "{\"level\":\"info\",\"ts\":\"2026-11-21T10:00:0";
    List<LogLine> lines =
        LogLine.parse(
            1,
            List.of(
                prefix + "1.200456Z\",\"msg\":\"a1 is starting a new election at term 2\"}",
                prefix + "1.210456Z\",\"msg\":\"a1 became candidate at term 3\"}",
                prefix + "1.220456Z\",\"msg\":\"a1 became leader at term 3\"}"),
            LogWords.ETCD);

    assertThat(Timeline.of(lines, LogWords.ETCD, STRUCK))
        .isEqualTo(new Timeline(1100.456, 1100.456, 1110.456, 1120.456, 1));
  }

  @Test
  void withoutAnElectionThereAreNoTimes() {
    assertThat(Timeline.of(List.of(), LogWords.KV, STRUCK))
        .isEqualTo(new Timeline(-1, -1, -1, -1, 0));
  }
}
