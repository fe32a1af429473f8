package raftkv.bench.target;

import java.io.IOException;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

/** Connects to systems of some kinds. */
public interface TargetFactory {
  /**
   * Where a system is.
   *
   * @param endpoints {@code host:port} of each node
   * @param inFlight operations that will be under way at most
   * @param connections that are taken in turn, where a target can have more than one
   */
  record Place(List<String> endpoints, int inFlight, int connections) {
    /** Copies the list. */
    public Place {
      endpoints = List.copyOf(endpoints);
    }
  }

  /** The names under which it connects to something. */
  Set<String> names();

  /**
   * Connects to a system that is up and has a leader.
   *
   * @throws IOException if nobody answers there, or nobody leads
   */
  Target connect(String name, Place place) throws IOException, InterruptedException;

  /** The factory for a name, of those on the class path. */
  static TargetFactory of(String name) {
    for (TargetFactory factory : ServiceLoader.load(TargetFactory.class)) {
      if (factory.names().contains(name)) {
        return factory;
      }
    }
    throw new IllegalArgumentException("no target '" + name + "': known are " + known());
  }

  /** All names, of all factories on the class path. */
  static Set<String> known() {
    Set<String> known = new TreeSet<>();
    ServiceLoader.load(TargetFactory.class).forEach(factory -> known.addAll(factory.names()));
    return known;
  }
}
