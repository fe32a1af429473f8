package raftkv.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import raftkv.simulation.history.History;

/** Which operations there are, and that wrong answers to them are seen. */
class OperationsTest {
  private static final int KEYS = 1_000;

  private final FakeTarget target = new FakeTarget();

  @AfterEach
  void close() {
    target.close();
  }

  private static Workload of(Kind kind) {
    return new Workload(kind, KEYS, 16, 64, 7);
  }

  private Recorder.Result run(Kind kind, int operations) throws InterruptedException {
    return ClosedLoop.run(
        new Operations(target, of(kind), null), 8, Limit.ofOperations(operations));
  }

  @Test
  void everyKeyIsPutOnceInAsManyOperations() throws InterruptedException {
    run(Kind.PUT, KEYS);

    assertThat(target.data()).hasSize(KEYS);
    assertThat(target.data().keySet()).allMatch(key -> key.length() == 16);
    Set<String> values = new HashSet<>();
    target
        .data()
        .values()
        .forEach(value -> values.add(new String(value, 0, 16, StandardCharsets.UTF_8)));
    assertThat(values).hasSize(KEYS);
  }

  @Test
  void mixedPutsAndGetsEveryKeyInTurn() throws InterruptedException {
    Recorder.Result once = run(Kind.MIXED, KEYS);
    int keysAfterOne = target.data().size();
    target.data().clear();

    Recorder.Result twice = run(Kind.MIXED, 2 * KEYS);

    // The first time half of the keys are put and the others are not found; then it is the other
    // way.
    assertThat(keysAfterOne).isEqualTo(KEYS / 2);
    assertThat(once.failed()).isEqualTo(KEYS / 2);
    assertThat(target.data()).hasSize(KEYS);
    assertThat(twice.failed()).isEqualTo(KEYS / 2);
  }

  @Test
  void aKeyThatIsNotFoundIsAnError() throws InterruptedException {
    Recorder.Result result = run(Kind.GET, 10);

    assertThat(result.errors())
        .containsOnlyKeys("key not found")
        .containsEntry("key not found", 10L);
  }

  @Test
  void aValueThatWasNeverPutIsAnError() throws InterruptedException {
    run(Kind.PUT, KEYS);
    target.garble();

    assertThat(run(Kind.GET, 10).errors()).containsOnlyKeys("value garbled");
  }

  private History.Report judged(Runnable inBetween) throws InterruptedException {
    Workload workload = of(Kind.PUT);
    Sample sample = new Sample(target, workload);
    Operations operations = new Operations(target, workload, sample);
    ClosedLoop.run(operations, 8, Limit.ofOperations(20_000));
    inBetween.run();
    ClosedLoop.run(operations, 8, Limit.ofOperations(20_000));
    return sample.judge();
  }

  @Test
  void aSampleOfRightAnswersIsLinearizable() throws InterruptedException {
    History.Report report = judged(() -> {});

    assertThat(report.failures()).isEmpty();
    assertThat(report.operations()).isGreaterThan(150);
    assertThat(report.keys()).isEqualTo(8);
  }

  @Test
  void puttingNothingAndSayingSoIsSeen() throws InterruptedException {
    assertThat(judged(target::loseWrites).failures()).isNotEmpty();
  }

  @Test
  void losingEverythingAtTheEndIsSeen() throws InterruptedException {
    Workload workload = of(Kind.PUT);
    Sample sample = new Sample(target, workload);
    ClosedLoop.run(new Operations(target, workload, sample), 8, Limit.ofOperations(20_000));

    target.data().clear();

    assertThat(sample.judge().failures()).hasSize(8);
  }

  @Test
  void sampledOperationsCountForTheRateAlone() throws InterruptedException {
    Workload workload = of(Kind.PUT);
    Operations operations = new Operations(target, workload, new Sample(target, workload));

    Recorder.Result result = ClosedLoop.run(operations, 1, Limit.ofOperations(512));

    assertThat(result.answered()).isEqualTo(512);
    assertThat(result.latencies().getTotalCount()).isEqualTo(510);
    assertThat(result.sampled()).isEqualTo(2);
  }

  @Test
  void sizesThatWouldMakeKeysOrValuesEqualAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Workload(Kind.PUT, 100_000, 5, 64, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Workload(Kind.PUT, 10, 16, 15, 1));
  }
}
