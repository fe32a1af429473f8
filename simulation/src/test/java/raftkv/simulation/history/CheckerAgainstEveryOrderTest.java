package raftkv.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The checker against the definition itself: on thousands of small random histories, right and
 * wrong ones, its verdict is that of trying every order.
 */
class CheckerAgainstEveryOrderTest {
  private static final int HISTORIES = 20_000;
  private static final int OPERATIONS = 6;
  private static final String[] VALUES = {"a", "b", "c"};

  @Test
  void verdictIsThatOfTryingEveryOrder() {
    long seed = 20_261_121;
    SplittableRandom random = new SplittableRandom(seed);
    LinearizabilityChecker checker = new LinearizabilityChecker(1_000_000);
    int good = 0;

    for (int i = 0; i < HISTORIES; i++) {
      List<Operation> history = randomHistory(random);
      boolean expected = fits(history, new boolean[history.size()], null);
      good += expected ? 1 : 0;

      assertThat(checker.check(history) instanceof Verdict.Linearizable)
          .as("seed %d, history %d: %s", seed, i, history)
          .isEqualTo(expected);
    }

    // Neither kind is rare, or the comparison would say little.
    assertThat(good).isBetween(HISTORIES / 10, HISTORIES * 9 / 10);
  }

  private static List<Operation> randomHistory(SplittableRandom random) {
    List<Operation> history = new ArrayList<>();
    for (int i = 0; i < OPERATIONS; i++) {
      long from = random.nextInt(20);
      long to = from + random.nextInt(12);
      Call call = randomCall(random);
      boolean lost = random.nextInt(4) == 0;
      history.add(
          lost
              ? Operation.unknown(i, call, from)
              : new Operation(i, call, randomAnswer(random, call), from, to));
    }
    return history;
  }

  private static Call randomCall(SplittableRandom random) {
    return switch (random.nextInt(5)) {
      case 0, 1 -> new Call.Put(value(random));
      case 2 -> new Call.CompareAndSet(valueOrNone(random), value(random));
      case 3 -> new Call.Delete();
      default -> new Call.Get();
    };
  }

  private static Answer randomAnswer(SplittableRandom random, Call call) {
    if (call instanceof Call.Get) {
      return new Answer.Read(valueOrNone(random));
    }
    if (call instanceof Call.Delete) {
      return new Answer.Removed(valueOrNone(random));
    }
    boolean refused = call instanceof Call.CompareAndSet && random.nextInt(3) == 0;
    return refused ? new Answer.Refused(valueOrNone(random)) : new Answer.Stored();
  }

  private static String value(SplittableRandom random) {
    return VALUES[random.nextInt(VALUES.length)];
  }

  private static @Nullable String valueOrNone(SplittableRandom random) {
    return random.nextInt(3) == 0 ? null : value(random);
  }

  /** The definition: some next operation that nothing before it precedes, and so on. */
  private static boolean fits(List<Operation> history, boolean[] placed, @Nullable String state) {
    boolean complete = true;
    for (int i = 0; i < placed.length; i++) {
      complete &= placed[i] || history.get(i).isUnknown();
    }
    if (complete) {
      return true;
    }
    for (int i = 0; i < placed.length; i++) {
      if (placed[i] || !mayComeNext(history, placed, i)) {
        continue;
      }
      Register register = new Register();
      Arrays.stream(VALUES).forEach(register::numberOf);
      int next = register.next(history.get(i), register.numberOf(state));
      if (next == Register.IMPOSSIBLE) {
        continue;
      }
      boolean[] more = placed.clone();
      more[i] = true;
      String after = next == Register.ABSENT ? null : register.nameOf(next);
      if (fits(history, more, after)) {
        return true;
      }
    }
    return false;
  }

  private static boolean mayComeNext(List<Operation> history, boolean[] placed, int candidate) {
    for (int i = 0; i < placed.length; i++) {
      if (!placed[i]
          && i != candidate
          && history.get(i).returnedNanos() < history.get(candidate).invokedNanos()) {
        return false;
      }
    }
    return true;
  }
}
