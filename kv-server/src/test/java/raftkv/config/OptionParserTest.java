package raftkv.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import raftkv.raft.NodeId;

class OptionParserTest {
  @Test
  void barePortsGetTheirIdsInNumericOrder() {
    ServerConfig config = config("--id 2 --port 9002 --peers 9003,9001");

    assertThat(config.self()).isEqualTo(new NodeId(2));
    assertThat(config.peers())
        .containsExactly(
            Map.entry(new NodeId(1), new HostPort("127.0.0.1", 9001)),
            Map.entry(new NodeId(3), new HostPort("127.0.0.1", 9003)));
    assertThat(config.advertise()).isEqualTo(new HostPort("127.0.0.1", 9002));
    assertThat(config.dataDirectory()).isEqualTo(Path.of("data/node2"));
  }

  @Test
  void peersMayContainTheNodeItself() {
    assertThat(config("--id 2 --port 9002 --peers 9001,9002,9003").peers())
        .containsOnlyKeys(new NodeId(1), new NodeId(3));
    assertThat(config("--id 2 --port 9002 --peers 1=a:9001,2=b:9002,3=c:9003").peers())
        .containsOnlyKeys(new NodeId(1), new NodeId(3));
  }

  @Test
  void nodeIsAdvertisedAsThePeersCallIt() {
    ServerConfig config =
        config("--id 2 --port 9002 --listen 0.0.0.0 --peers 1=kv1:9001,2=kv2:9002,3=[::1]:9003");

    assertThat(config.advertise()).isEqualTo(new HostPort("kv2", 9002));
    assertThat(config.peers().get(new NodeId(3))).isEqualTo(new HostPort("::1", 9003));
    assertThat(config.peers().get(new NodeId(3))).hasToString("[::1]:9003");
  }

  @Test
  void advertiseWinsOverTheList() {
    assertThat(
            config("--id 1 --port 9001 --advertise gate:80 --peers 1=kv1:9001,2=kv2:9002")
                .advertise())
        .isEqualTo(new HostPort("gate", 80));
  }

  @Test
  void snapshotsHaveTheirNumbers() {
    assertThat(config("--id 1 --port 9001").snapshots())
        .isEqualTo(new ServerConfig.Snapshots(null, 32 << 20));
    assertThat(
            config("--id 1 --port 9001 --snapshot-log-bytes 1000 --retained-log-bytes 0")
                .snapshots())
        .isEqualTo(new ServerConfig.Snapshots(1_000L, 0));
    assertThatThrownBy(() -> config("--id 1 --port 9001 --snapshot-log-bytes 0"))
        .hasMessageContaining("--snapshot-log-bytes 0 must be positive");
  }

  @Test
  void withoutPeersAnyNodeIsAClusterOfOne() {
    assertThat(config("--id 7 --port 9001").peers()).isEmpty();
  }

  @Test
  void environmentGivesWhatTheCommandLineDoesNot() {
    Map<String, String> environment =
        Map.of(
            "KV_ID", "1",
            "KV_PORT", "9001",
            "KV_PEERS", "9002,9003",
            "KV_DATA_DIR", "/var/kv",
            "KV_ELECTION_TIMEOUT_MIN_MS", "400",
            "KV_ELECTION_TIMEOUT_MAX_MS", "800",
            "KV_LOG_TO", "console",
            "KV_LISTEN", " ",
            "KV_MAX_SESSIONS", "500");

    ServerConfig config = config("--port 9000 --log-level DEBUG", environment);

    assertThat(config.port()).isEqualTo(9000);
    assertThat(config.peers()).hasSize(2);
    assertThat(config.dataDirectory()).isEqualTo(Path.of("/var/kv"));
    assertThat(config.times()).isEqualTo(new ServerConfig.Times(400, 800, 50));
    assertThat(config.logTarget()).isEqualTo(ServerConfig.LogTarget.CONSOLE);
    assertThat(config.logLevel()).isEqualTo("debug");
    assertThat(config.listen()).isEqualTo("127.0.0.1");
    assertThat(config.sessions().maxSessions()).isEqualTo(500);
    assertThat(config.sessions().sessionWindow()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --port 9001                                        | --id is missing
          --id 1                                             | --port is missing
          --id 1 --port 99999                                | port 99999 is out of range
          --id 1 --port 0                                    | port 0 is out of range
          --id 0 --port 9001                                 | '0' is no node id
          --id 256 --port 9001                               | '256' is no node id
          --id x --port 9001                                 | 'x' is not an int
          --id 1 --port 9001 --bogus                         | unknown option: '--bogus'
          --id 1 --port 9001 extra                           | unexpected argument
          --id 1 --id 2 --port 9001                          | should be specified only once
          --id 3 --port 9001 --peers 9002,9003               | port 9001 is node 1 of [9001, 9002, 9003]
          --id 4 --port 9001 --peers 9002,9003               | --id 4 contradicts
          --id 1 --port 9001 --peers 9001,9001,9002          | names port 9001 twice
          --id 1 --port 9001 --peers 9002,9002               | names port 9002 twice
          --id 1 --port 9001 --peers 9002,70000              | port 70000 is out of range
          --id 1 --port 9001 --peers host:9002               | has no id
          --id 1 --port 9001 --peers 2=host:9002,9003        | '9003' in --peers has no id
          --id 1 --port 9001 --peers 2=host                  | 'host' is no host:port
          --id 1 --port 9001 --peers 2=host:x                | has no port number
          --id 1 --port 9001 --peers 2=::1:9002              | write [::1] for that host
          --id 1 --port 9001 --peers 2=a:9002,2=b:9002       | names node 2 twice
          --id 1 --port 9001 --peers 2=a:9002,3=a:9002       | names a:9002 twice
          --id 1 --port 9001 --peers 1=a:9007,2=b:9002       | --port 9001 contradicts --peers
          --id 1 --port 9001 --log-level loud                | none of error, warn
          --id 1 --port 9001 --log-to printer                | none of console, file, both
          --id 1 --port 9001 --heartbeat-ms 100              | at most half
          --id 1 --port 9001 --election-timeout-max-ms 150   | split votes
          """)
  void badStartIsOneSentence(String arguments, String part) {
    assertThatThrownBy(() -> config(arguments))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining(part)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void helpNamesEveryOptionAndShowsExamples() {
    OptionParser.Request request =
        OptionParser.parse(new String[] {"--help"}, Map.of("KV_ID", "x"), "1.2");

    assertThat(((OptionParser.Show) request).text())
        .contains("--peers", "--data-dir", "--advertise", "KV_DATA_DIR", "a cluster of one")
        .contains("Exit codes");
  }

  @Test
  void versionIsShown() {
    assertThat(OptionParser.parse(new String[] {"--version"}, Map.of(), "1.2"))
        .isEqualTo(new OptionParser.Show("kv-server 1.2"));
  }

  private static ServerConfig config(String arguments) {
    return config(arguments, Map.of());
  }

  private static ServerConfig config(String arguments, Map<String, String> environment) {
    OptionParser.Request request =
        OptionParser.parse(arguments.strip().split(" +"), environment, "test");
    return ((OptionParser.Serve) request).config();
  }
}
