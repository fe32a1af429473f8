package raftkv.raft;

import java.util.ArrayDeque;
import java.util.Locale;

/**
 * Visits every state that can be reached from one within bounds, each once, depth first. Whatever a
 * step breaks is reported with all steps that lead there.
 */
final class Exploration {
  private final long maxStates;
  private final LongSet visited = new LongSet();
  private final ArrayDeque<ExploreStep> path = new ArrayDeque<>();
  private long steps;
  private int deepest;
  private long highestCommit;
  private long admitted;

  /** Gives up, loudly, if there are more states than that. */
  Exploration(long maxStates) {
    this.maxStates = maxStates;
  }

  /** Visits them all. */
  void explore(ExploreState first) {
    visited.add(first.digest());
    goOn(first);
  }

  private void goOn(ExploreState state) {
    deepest = Math.max(deepest, path.size());
    highestCommit = Math.max(highestCommit, state.highestCommit());
    admitted += state.hasAdmitted() ? 1 : 0;
    for (ExploreStep step : state.steps()) {
      path.addLast(step);
      ExploreState next = take(state, step);
      steps++;
      if (visited.add(next.digest())) {
        if (visited.size() > maxStates) {
          throw new AssertionError("more than " + maxStates + " states: tighten the bounds");
        }
        goOn(next);
      }
      path.removeLast();
    }
  }

  private ExploreState take(ExploreState state, ExploreStep step) {
    try {
      return state.after(step);
    } catch (RuntimeException broken) {
      throw new AssertionError(broken.getMessage() + ", after\n" + story(path), broken);
    }
  }

  private static String story(Iterable<ExploreStep> path) {
    StringBuilder text = new StringBuilder();
    for (ExploreStep step : path) {
      text.append("  ").append(step).append('\n');
    }
    return text.toString();
  }

  long states() {
    return visited.size();
  }

  long steps() {
    return steps;
  }

  int deepest() {
    return deepest;
  }

  /** The highest index that was ever committed. */
  long highestCommit() {
    return highestCommit;
  }

  /** In how many states an admitted node counts. */
  long admitted() {
    return admitted;
  }

  /** All that it did, in a line. */
  String summary() {
    return String.format(
        Locale.ROOT,
        "%,d states, %,d steps, depth %d, committed up to %d, admitted in %,d states",
        states(),
        steps,
        deepest,
        highestCommit,
        admitted);
  }
}
