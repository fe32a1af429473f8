package raftkv.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.simulation.check.Tally;

/**
 * What the seed runner is asked for.
 *
 * @param jobs seeds at a time
 * @param traced whether each line of the trace is shown
 * @param shrinks whether a failing seed is made smaller
 * @param limits what is left out of the seeds
 */
record Options(
    long fromSeed, long toSeed, int jobs, boolean traced, boolean shrinks, Limits limits) {
  static final String USAGE =
      "usage: simulation/run --seed N [--trace] | --seeds A..B [--jobs N] [--shrink]\n"
          + "       [--faults N] [--clients N] [--without KIND,KIND...]";

  /** Reads the command line; null if it cannot be understood. */
  static @Nullable Options parse(String[] words) {
    String seeds = "";
    int jobs = 1;
    boolean traced = false;
    boolean shrinks = false;
    Limits limits = Limits.NONE;
    try {
      for (int i = 0; i < words.length; i++) {
        switch (words[i]) {
          case "--seed", "--seeds" -> seeds = words[++i];
          case "--jobs" -> jobs = Integer.parseInt(words[++i]);
          case "--trace" -> traced = true;
          case "--shrink" -> shrinks = true;
          case "--faults" -> limits = limits.withFaults(Long.parseLong(words[++i]));
          case "--clients" -> limits = limits.withClients(Integer.parseInt(words[++i]));
          case "--without" -> limits = without(limits, words[++i]);
          default -> {
            return null;
          }
        }
      }
      int dots = seeds.indexOf("..");
      long from = Long.parseLong(dots < 0 ? seeds : seeds.substring(0, dots));
      long to = dots < 0 ? from : Long.parseLong(seeds.substring(dots + 2));
      return jobs < 1 ? null : new Options(from, to, jobs, traced, shrinks, limits);
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException unreadable) {
      return null;
    }
  }

  private static Limits without(Limits limits, String kinds) {
    List<Tally.Kind> without = new ArrayList<>(limits.without());
    for (String kind : kinds.split(",", -1)) {
      without.add(Tally.Kind.valueOf(kind));
    }
    return new Limits(limits.faults(), limits.clients(), without);
  }
}
