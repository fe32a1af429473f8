package raftkv.simulation.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run of the checker over one key. */
final class Search {
  private static final int SLOTS = Long.SIZE;
  private static final int SHOWN_BEFORE_A_VIOLATION = 12;

  private final List<Operation> history;
  private final long maxSteps;
  private final Register register = new Register();

  /** Operations that were called and are not yet in every possibility, by the bit they have. */
  private final @Nullable Operation[] open = new @Nullable Operation[SLOTS];

  private long optional;
  private Configurations possible = new Configurations(0);
  private long steps;

  Search(List<Operation> history, long maxSteps) {
    this.history = history;
    this.maxSteps = maxSteps;
    possible.add(Register.ABSENT, 0);
  }

  /** A call or an answer. */
  private record Event(long nanos, boolean isAnswer, Operation operation) {}

  Verdict run() {
    for (Event event : events()) {
      Verdict bad = event.isAnswer() ? onAnswer(event.operation()) : onCall(event.operation());
      if (bad != null) {
        return bad;
      }
    }
    return new Verdict.Linearizable(steps);
  }

  /** By time; at the same instant calls come first, for such operations overlap. */
  private List<Event> events() {
    List<Event> events = new ArrayList<>(2 * history.size());
    for (Operation operation : history) {
      events.add(new Event(operation.invokedNanos(), false, operation));
      if (!operation.isUnknown()) {
        events.add(new Event(operation.returnedNanos(), true, operation));
      }
    }
    events.sort(Comparator.comparingLong(Event::nanos).thenComparing(Event::isAnswer));
    return events;
  }

  private @Nullable Verdict onCall(Operation operation) {
    int slot = slotOf(null);
    if (slot < 0) {
      return new Verdict.GaveUp("more than " + SLOTS + " operations open at " + operation);
    }
    open[slot] = operation;
    if (operation.isUnknown()) {
      optional |= 1L << slot;
      possible = possible.with(optional, mask -> mask);
    }
    return null;
  }

  private @Nullable Verdict onAnswer(Operation operation) {
    int slot = slotOf(operation);
    Configurations after = new Configurations(optional);
    Configurations tried = new Configurations(optional);
    Deque<int[]> states = new ArrayDeque<>();
    Deque<long[]> masks = new ArrayDeque<>();
    possible.forEach(
        (state, mask) -> {
          tried.add(state, mask);
          states.push(new int[] {state});
          masks.push(new long[] {mask});
        });
    while (!states.isEmpty()) {
      if (steps > maxSteps) {
        return new Verdict.GaveUp(steps + " steps, the limit for a key, at " + operation);
      }
      extend(states, masks, slot, tried, after);
    }
    if (after.isEmpty()) {
      return new Verdict.Violated(describe(operation));
    }
    open[slot] = null;
    possible = after.with(optional, mask -> mask & ~(1L << slot));
    releaseWhatIsEverywhere();
    return null;
  }

  /** Takes one possibility: done if it has the answered operation, else one step further. */
  private void extend(
      Deque<int[]> states,
      Deque<long[]> masks,
      int target,
      Configurations tried,
      Configurations after) {
    int state = states.pop()[0];
    long mask = masks.pop()[0];
    steps++;
    if ((mask & 1L << target) != 0) {
      after.add(state, mask);
      return;
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      Operation candidate = open[slot];
      long bit = 1L << slot;
      if (candidate == null || (mask & bit) != 0) {
        continue;
      }
      int next = register.next(candidate, state);
      if (next != Register.IMPOSSIBLE && tried.add(next, mask | bit)) {
        states.push(new int[] {next});
        masks.push(new long[] {mask | bit});
      }
    }
  }

  /** An operation of unknown fate that took effect in every possibility is open no longer. */
  private void releaseWhatIsEverywhere() {
    long released = possible.common() & optional;
    if (released == 0) {
      return;
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      if ((released & 1L << slot) != 0) {
        open[slot] = null;
      }
    }
    optional &= ~released;
    possible = possible.with(optional, mask -> mask & ~released);
  }

  // The same operation, not an equal one: two calls may look alike.
  @SuppressWarnings("ReferenceEquality")
  private int slotOf(@Nullable Operation operation) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (open[slot] == operation) {
        return slot;
      }
    }
    return -1;
  }

  private String describe(Operation culprit) {
    StringBuilder text = new StringBuilder("no order fits once this was answered:\n  ");
    text.append(culprit).append("\nthe key could be:");
    possible.states().forEach(state -> text.append(' ').append(register.nameOf(state)));
    text.append("\nanswered before it:");
    List<Operation> before =
        history.stream()
            .filter(operation -> operation.returnedNanos() <= culprit.returnedNanos())
            .sorted(Comparator.comparingLong(Operation::returnedNanos))
            .toList();
    int from = Math.max(0, before.size() - SHOWN_BEFORE_A_VIOLATION);
    before.subList(from, before.size()).forEach(shown -> text.append("\n  ").append(shown));
    text.append("\nopen at that time:");
    for (Operation pending : open) {
      if (pending != null) {
        text.append("\n  ").append(pending);
      }
    }
    return text.toString();
  }
}
