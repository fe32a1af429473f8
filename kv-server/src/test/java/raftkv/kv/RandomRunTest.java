package raftkv.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.kv.TestLog.bytes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import raftkv.raft.Admission;
import raftkv.raft.Bytes;
import raftkv.raft.EntryKind;
import raftkv.raft.Incarnation;
import raftkv.raft.NodeId;

/**
 * Random logs of many clients that retry whatever they ever sent: more sessions than the limit, few
 * answers kept, windows, cancels. The seed is the parameter.
 */
final class RandomRunTest {
  private static final KvLimits TIGHT =
      KvLimits.DEFAULTS.withMaxSessions(12).withSessionWindow(6).withMaxStoredAnswerBytes(600);

  private final Map<Request, Integer> effects = new HashMap<>();
  private final List<KvCommand> sent = new ArrayList<>();

  private record Request(Bytes clientId, long seqNum) {}

  /** TestLog compares the incremental hash with the recomputed one after every entry. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyRequestTakesEffectAtMostOnceAndTheHashKeepsUp(long seed) {
    Random random = new Random(seed);
    TestLog log = TestLog.with(TIGHT);

    for (int step = 0; step < 4_000; step++) {
      if (random.nextInt(200) == 0) {
        admit(log, random);
      } else {
        send(log, chosen(log, random));
      }
      assertThat(log.machine.sessionCount()).isLessThanOrEqualTo(TIGHT.maxSessions());
      assertThat(log.machine.storedAnswerBytes()).isLessThanOrEqualTo(600);
    }

    assertThat(effects.values()).allMatch(times -> times == 1);
    assertThat(effects.size()).isGreaterThan(150);
  }

  /** Determinism, hazard 108: another machine fed the same entries says and is the same. */
  @ParameterizedTest
  @ValueSource(longs = {5, 6})
  void twoMachinesGiveEqualAnswersAndHashes(long seed) {
    Random random = new Random(seed);
    TestLog log = TestLog.with(TIGHT).unchecked();
    for (int step = 0; step < 5_000; step++) {
      send(log, chosen(log, random));
    }

    KvStateMachine other = new KvStateMachine();
    for (int i = 0; i < log.entries.size(); i++) {
      other.capture(); // copies where the first one changed in place
      assertThat(other.apply(log.entries.get(i))).isEqualTo(log.answers.get(i));
    }

    assertThat(other.hash()).isEqualTo(log.machine.hash());
    assertThat(other.recomputeHash()).isEqualTo(log.machine.hash());
  }

  private void send(TestLog log, KvCommand command) {
    KvAnswer answer = log.apply(command);
    boolean effect = answer instanceof KvAnswer.Result && !answer.deduplicated();
    RequestIdentity request = command.identity();
    if (effect && request != null) {
      effects.merge(new Request(request.clientId(), request.seqNum()), 1, Integer::sum);
    }
  }

  private KvCommand chosen(TestLog log, Random random) {
    if (!sent.isEmpty() && random.nextInt(3) == 0) {
      return sent.get(random.nextInt(sent.size()));
    }
    KvCommand command = command(log, random);
    sent.add(command);
    return command;
  }

  private static KvCommand command(TestLog log, Random random) {
    RequestIdentity request = random.nextInt(6) == 0 ? null : identity(log, random);
    Bytes key = bytes("key" + random.nextInt(40));
    KvValue value = KvValue.text("value".repeat(random.nextInt(10)));
    return switch (random.nextInt(6)) {
      case 0 -> new KvCommand.Delete(request, key);
      case 1 -> new KvCommand.CompareAndSet(request, key, new Condition.Absent(), value);
      case 2 ->
          request == null
              ? new KvCommand.Delete(null, key, log.nextIndex() - 1)
              : new KvCommand.Cancel(request);
      default -> new KvCommand.Put(request, key, value);
    };
  }

  /** Even clients are simple, odd ones windowed; each has one session_start for ever. */
  private static RequestIdentity identity(TestLog log, Random random) {
    int generation = (int) (log.nextIndex() / 300);
    int number = random.nextInt(10);
    RequestIdentity request =
        RequestIdentity.of(
                "client" + generation + "." + number, 1 + random.nextInt(8) + log.nextIndex() / 60)
            .withSessionStart(Math.max(1, generation * 300L - 1));
    return number % 2 == 0
        ? request
        : request.withAckSeq(Math.max(0, request.seqNum() - 1 - random.nextInt(6)));
  }

  private static void admit(TestLog log, Random random) {
    Incarnation incarnation = new Incarnation(random.nextLong(), 1);
    NodeId node = new NodeId(1 + random.nextInt(3));
    log.append(EntryKind.ADMIT, new Admission(node, incarnation).encode());
  }
}
