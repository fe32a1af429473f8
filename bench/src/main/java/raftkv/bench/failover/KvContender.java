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

  private final Launch launch;
  private final KvClient asker;

  KvContender(Launch launch) {
    this.launch = launch;
    this.asker = KvClient.connect(config());
  }

  private ClientConfig config() {
    return ClientConfig.of(Layout.clients(launch.nodes()));
  }

  @Override
  public Launch launch() {
    return launch;
  }

  @Override
  public List<String> command(int id, Path data) {
    return launch.command(
        id,
        List.of(
            "--id",
            Integer.toString(id),
            "--port",
            Integer.toString(Layout.CLIENT_PORT),
            "--listen",
            Layout.host(id),
            "--peers",
            launch.members(member -> member + "=" + Layout.client(member)),
            "--data-dir",
            data.toString(),
            "--log-to",
            "console"));
  }

  @Override
  public int healthyLeader() {
    List<CompletableFuture<StatusResponse>> asked = new ArrayList<>();
    for (int endpoint = 0; endpoint < launch.nodes(); endpoint++) {
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
    KvClient client = KvClient.connect(config().withTrace(trace::say));
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
