package raftkv.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import raftkv.raft.Bytes;

/**
 * Random logs of many clients that retry whatever they ever sent: more sessions than the limit, few
 * answers kept, windows, cancels. The seed is the parameter.
 */
final class RandomRunTest {
  private static final KvLimits TIGHT =
      KvLimits.DEFAULTS.withMaxSessions(12).withSessionWindow(6).withMaxStoredAnswerBytes(600);

  private final Map<Request, Integer> effects = new HashMap<>();

  private record Request(Bytes clientId, long seqNum) {}

  /** TestLog compares the incremental hash with the recomputed one after every entry. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyRequestTakesEffectAtMostOnceAndTheHashKeepsUp(long seed) {
    Random random = new Random(seed);
    RandomCommands commands = new RandomCommands(random);
    TestLog log = TestLog.with(TIGHT);

    for (int step = 0; step < 4_000; step++) {
      if (random.nextInt(200) == 0) {
        commands.admit(log);
      } else {
        send(log, commands.next(log));
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
    RandomCommands commands = new RandomCommands(new Random(seed));
    TestLog log = TestLog.with(TIGHT).unchecked();
    for (int step = 0; step < 5_000; step++) {
      send(log, commands.next(log));
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
}
