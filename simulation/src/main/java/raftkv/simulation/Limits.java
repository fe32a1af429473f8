package raftkv.simulation;

import java.util.ArrayList;
import java.util.List;
import raftkv.simulation.check.Tally;

/**
 * What a run leaves out of its seed, to find out what a failure needs.
 *
 * @param faults at most so many
 * @param clients at most so many
 * @param without kinds of faults that do not happen
 */
public record Limits(long faults, int clients, List<Tally.Kind> without) {
  /** Nothing is left out. */
  public static final Limits NONE = new Limits(Long.MAX_VALUE, Integer.MAX_VALUE, List.of());

  /** Copies the list. */
  public Limits {
    without = List.copyOf(without);
  }

  /** Whether the whole seed is run. */
  boolean isNone() {
    return equals(NONE);
  }

  Limits withFaults(long most) {
    return new Limits(most, clients, without);
  }

  Limits withClients(int most) {
    return new Limits(faults, most, without);
  }

  Limits without(Tally.Kind kind) {
    List<Tally.Kind> kinds = new ArrayList<>(without);
    kinds.add(kind);
    return new Limits(faults, clients, kinds);
  }

  /** As options of the command line. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (faults != NONE.faults) {
      text.append(" --faults ").append(faults);
    }
    if (clients != NONE.clients) {
      text.append(" --clients ").append(clients);
    }
    for (int i = 0; i < without.size(); i++) {
      text.append(i == 0 ? " --without " : ",").append(without.get(i));
    }
    return text.toString();
  }
}
