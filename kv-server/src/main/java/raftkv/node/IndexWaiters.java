package raftkv.node;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** What waits until an index is applied, in order of index and arrival. Owned by the loop. */
final class IndexWaiters {
  /** A place in the queue, to leave it early. */
  record Place(long index, long sequence) {}

  private static final Comparator<Place> ORDER =
      Comparator.comparingLong(Place::index).thenComparingLong(Place::sequence);

  private final TreeMap<Place, Runnable> tasks = new TreeMap<>(ORDER);
  private long sequences;

  Place await(long index, Runnable task) {
    Place place = new Place(index, sequences++);
    tasks.put(place, task);
    return place;
  }

  void leave(Place place) {
    tasks.remove(place);
  }

  /** Runs what waited for that index or one below. */
  void reached(long appliedIndex) {
    while (!tasks.isEmpty() && tasks.firstKey().index() <= appliedIndex) {
      Map.Entry<Place, Runnable> first = tasks.pollFirstEntry();
      first.getValue().run();
    }
  }
}
