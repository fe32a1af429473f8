package raftkv.service;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.service.PipelineClient.put;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import raftkv.kv.CommandCodec;
import raftkv.kv.KvAnswer;
import raftkv.kv.KvCommand;
import raftkv.kv.KvLimits;
import raftkv.kv.KvValue;
import raftkv.port.EntryCodec;
import raftkv.proto.kv.v1.GetRequest;
import raftkv.proto.kv.v1.PipelineCall;
import raftkv.proto.kv.v1.PipelineRequest;
import raftkv.raft.Bytes;
import raftkv.raft.ClusterId;
import raftkv.raft.EntryKind;
import raftkv.raft.Incarnation;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.Settings;

/** Flow control of a pipeline: what a client can make a server hold, whatever it does. */
class PipelineFlowTest {
  private static final int MEBIBYTE = 1 << 20;

  private final ServiceFixture service = new ServiceFixture();
  private final PipelineClient client = new PipelineClient(service.channel);
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

  @BeforeEach
  void scriptAPut() {
    service.answerWrites(new KvAnswer.PutDone(80, 12, 3, false));
  }

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void noMoreThanTheLimitOfCallsIsTakenWhileNoneIsAnswered() {
    service.requests.held = waiting;
    client.read(Integer.MAX_VALUE);

    LongStream.range(0, 3_000).forEach(id -> client.send(put(id)));

    assertThat(waiting).hasSize(StreamBudget.MAX_CALLS);
    giveAll();
    assertThat(client.ids()).hasSize(3_000);
  }

  @Test
  void noMoreThanTheLimitOfBytesIsTakenWhileNoneIsAnswered() {
    service.requests.held = waiting;
    client.read(Integer.MAX_VALUE);
    String large = "x".repeat(MEBIBYTE);

    LongStream.range(0, 12).forEach(id -> client.send(put(id, large)));

    assertThat(waiting).hasSize(8);
    giveAll();
    assertThat(client.ids()).hasSize(12);
  }

  /** Answered calls count until their answers have left. */
  @Test
  void clientThatDoesNotReadIsNotReadFrom() {
    LongStream.range(0, 5_000).forEach(id -> client.send(put(id)));

    assertThat(service.requests.writes).isEqualTo(StreamBudget.MAX_CALLS);
    assertThat(client.messages).isEmpty();

    client.read(Integer.MAX_VALUE);
    assertThat(service.requests.writes).isEqualTo(5_000);
    assertThat(new HashSet<>(client.ids())).hasSize(5_000);
  }

  /** A small request may have a large answer: those are not even made while nobody reads. */
  @Test
  void readsWaitWhileAnswersPileUp() {
    store("k", "x".repeat(MEBIBYTE));
    PipelineRequest.Builder message = PipelineRequest.newBuilder();
    LongStream.range(0, 500).forEach(id -> message.addCalls(get(id)));
    client.send(message.build());

    long asked = service.requests.reads;
    assertThat(asked).as("each was asked for, and none again").isEqualTo(500);
    client.read(1);
    assertThat(client.messages).hasSize(1);
    assertThat(service.requests.reads - asked)
        .as("there was room for one more")
        .isLessThanOrEqualTo(64);

    client.read(Integer.MAX_VALUE);
    assertThat(service.requests.reads)
        .as("all but the first four or five were asked for again when there was room")
        .isGreaterThanOrEqualTo(500 + 495);
    assertThat(new HashSet<>(client.ids())).hasSize(500);
    assertThat(client.messages).as("a message for each large answer").hasSize(500);
    assertThat(client.answers()).allMatch(answer -> answer.getGet().getFound());
  }

  @Test
  void largeTurnIsCutIntoMessages() {
    store("k", "x".repeat(100_000));
    List<Runnable> turn = new ArrayList<>();
    service.requests.turn = turn;
    client.read(Integer.MAX_VALUE);
    PipelineRequest.Builder message = PipelineRequest.newBuilder();
    LongStream.range(0, 20).forEach(id -> message.addCalls(get(id)));
    client.send(message.build());

    turn.forEach(Runnable::run);

    assertThat(client.ids()).hasSize(20);
    assertThat(client.messages).hasSizeBetween(10, 20);
    assertThat(client.messages).allMatch(m -> m.getSerializedSize() < 300_000);
  }

  private void giveAll() {
    while (!waiting.isEmpty()) {
      waiting.remove().run();
    }
  }

  private void store(String key, String value) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    KvCommand command = new KvCommand.Put(null, Bytes.wrap(bytes), KvValue.text(value));
    Settings.Member member = new Settings.Member(new NodeId(2), new Incarnation(1, 1));
    Settings settings =
        new Settings(new ClusterId(1, 2), List.of(member), KvLimits.DEFAULTS.encode());
    apply(EntryKind.SETTINGS, settings.encode());
    apply(EntryKind.COMMAND, CommandCodec.encode(command));
  }

  private void apply(EntryKind kind, Bytes body) {
    long next = service.machine.appliedIndex() + 1;
    service.machine.apply(new EntryCodec().encode(new LogPosition(next, 1), kind, body));
  }

  private static PipelineCall get(long id) {
    return PipelineCall.newBuilder().setId(id).setGet(GetRequest.newBuilder().setKey("k")).build();
  }
}
