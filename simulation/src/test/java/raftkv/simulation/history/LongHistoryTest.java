package raftkv.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Ten thousand operations on one key, a twentieth of them of unknown fate, are judged at once. */
class LongHistoryTest {
  private static final int OPERATIONS = 10_000;
  private static final int CLIENTS = 8;
  private static final int GAP = 10;

  private final SplittableRandom random = new SplittableRandom(7);
  private final List<Operation> operations = new ArrayList<>();
  private final long[] returned = new long[CLIENTS];
  private String state = "none";

  /** Each operation takes effect at a moment of its own; calls and answers lie around that. */
  private List<Operation> rightHistory() {
    operations.add(new Operation(0, new Call.Put(state), new Answer.Stored(), 0, 1));
    for (int i = 1; i < OPERATIONS; i++) {
      add(i, (long) i * GAP);
    }
    return operations;
  }

  private void add(int number, long effect) {
    int client = number % CLIENTS;
    long invoked = Math.max(returned[client] + 1, effect - random.nextInt(30));
    long end = effect + random.nextInt(30);
    boolean unknown = random.nextInt(20) == 0;
    boolean takesEffect = !unknown || random.nextBoolean();
    Call call = call(number);
    Answer answer = takesEffect ? happen(call) : new Answer.Unknown();
    returned[client] = unknown ? invoked : end;
    operations.add(
        unknown
            ? Operation.unknown(client, call, invoked)
            : new Operation(client, call, answer, invoked, end));
  }

  private Call call(int number) {
    return switch (random.nextInt(4)) {
      case 0 -> new Call.Put("put-" + number);
      case 1 -> new Call.CompareAndSet(state, "swap-" + number);
      default -> new Call.Get();
    };
  }

  private Answer happen(Call call) {
    if (call instanceof Call.Put put) {
      state = put.value();
    } else if (call instanceof Call.CompareAndSet swap) {
      state = swap.value();
    } else {
      return new Answer.Read(state);
    }
    return new Answer.Stored();
  }

  @Test
  void rightOneIsFoundRightWithFewSteps() {
    Verdict verdict = new LinearizabilityChecker(2_000_000).check(rightHistory());

    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Linearizable.class, good -> assertThat(good.steps()).isLessThan(200_000));
  }

  @Test
  void oneStaleReadAmongTenThousandIsFound() {
    List<Operation> history = new ArrayList<>(rightHistory());
    long late = history.get(OPERATIONS - 1).invokedNanos() + 1_000;
    history.add(new Operation(0, new Call.Get(), new Answer.Read("none"), late, late + 1));

    Verdict verdict = new LinearizabilityChecker(2_000_000).check(history);

    assertThat(verdict).isInstanceOf(Verdict.Violated.class);
  }
}
