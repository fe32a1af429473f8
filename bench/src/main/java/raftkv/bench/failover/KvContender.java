package raftkv.bench.failover;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import raftkv.client.ClientConfig;
import raftkv.client.KvClient;
import raftkv.client.KvValue;
import raftkv.proto.kv.v1.Role;
import raftkv.proto.kv.v1.StatusResponse;

/** This system, with its own client library. */
final class KvContender implements Contender {
  private static final Duration QUESTION_TIMEOUT = Duration.ofSeconds(1);
  private static final long MAX_CONTACT_AGE_MS = 200;
  private static final long MAX_LAG = 1_000;

  private final String name;
  private final int nodes;
  private final Path home;
  private final List<String> options;
  private final KvClient asker;

  /**
   * Such a cluster.
   *
   * @param options for the nodes, beside those that make them a cluster
   */
  KvContender(String name, int nodes, Path home, List<String> options) {
    this.name = name;
    this.nodes = nodes;
    this.home = home;
    this.options = List.copyOf(options);
    this.asker = KvClient.connect(ClientConfig.of(Layout.clients(nodes)));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int nodes() {
    return nodes;
  }

  @Override
  public List<String> command(int id, Path data) {
    List<String> members = new ArrayList<>();
    for (int member = 1; member <= nodes; member++) {
      members.add(member + "=" + Layout.client(member));
    }
    List<String> command = new ArrayList<>(Layout.onMachineOf(id));
    command.addAll(
        List.of(
            home.resolve("bin/kv-server").toString(),
            "--id",
            Integer.toString(id),
            "--port",
            Integer.toString(Layout.CLIENT_PORT),
            "--listen",
            Layout.host(id),
            "--peers",
            String.join(",", members),
            "--data-dir",
            data.toString(),
            "--log-to",
            "console"));
    command.addAll(options);
    return command;
  }

  @Override
  public int healthyLeader() {
    List<CompletableFuture<StatusResponse>> asked = new ArrayList<>();
    for (int endpoint = 0; endpoint < nodes; endpoint++) {
      asked.add(asker.cluster().status(endpoint, QUESTION_TIMEOUT));
    }
    List<StatusResponse> answers = new ArrayList<>();
    for (CompletableFuture<StatusResponse> one : asked) {
      try {
        answers.add(one.join());
      } catch (CompletionException silent) {
        return 0;
      }
    }
    return leaderOf(answers);
  }

  /** The leader that all name in one term, if all count and follow closely; else 0. */
  static int leaderOf(List<StatusResponse> answers) {
    StatusResponse first = answers.get(0);
    int leader = first.getLeaderId();
    long highest = answers.stream().mapToLong(StatusResponse::getCommitIndex).max().orElse(0);
    for (int i = 0; i < answers.size(); i++) {
      StatusResponse answer = answers.get(i);
      boolean agrees =
          answer.getLeaderId() == leader
              && answer.getTerm() == first.getTerm()
              && (answer.getRole() == Role.ROLE_LEADER) == (leader == i + 1);
      boolean isWell =
          answer.getCounts()
              && !answer.getFenced()
              && answer.hasContactAgeMs()
              && answer.getContactAgeMs() <= MAX_CONTACT_AGE_MS
              && highest - answer.getAppliedIndex() <= MAX_LAG;
      if (!agrees || !isWell) {
        return 0;
      }
    }
    return leader;
  }

  @Override
  public Writer newWriter(ClientTrace trace) {
    KvClient client =
        KvClient.connect(ClientConfig.of(Layout.clients(nodes)).withTrace(trace::say));
    return new Writer() {
      @Override
      public CompletableFuture<?> write(String key, String value) {
        return client.async().put(key, KvValue.of(value));
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }

  @Override
  public LogWords words() {
    return LogWords.KV;
  }

  @Override
  public void close() {
    asker.close();
  }
}
