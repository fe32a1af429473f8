package raftkv.raft;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A number for a state: the same for all that go on alike. Left out is what decides nothing: time
 * (in a search any timer may run out at any moment), random generators, and what is only said to
 * people.
 */
final class GraphDigest {
  private static final Set<Class<?>> LEFT_OUT =
      Set.of(
          ElectionTimer.class,
          MajorityWatch.class,
          LinkLoss.class,
          Freshness.class,
          Invariants.class,
          RaftConfig.class,
          MessageRules.class,
          SnapshotRules.class,
          Agenda.class,
          LogEntries.class,
          Xoshiro256.class);
  private static final Set<String> LEFT_OUT_NAMES =
      Set.of(
          "now",
          "incarnations",
          "applied",
          "starts",
          "changed",
          "saidToCount",
          "hearsay",
          "ticket",
          "lastTicket",
          "lastQuestion");
  private static final Map<Class<?>, List<Field>> FIELDS = new HashMap<>();

  private final IdentityHashMap<Object, Integer> seen = new IdentityHashMap<>();
  private long hash = 0x5851F42D4C957F2DL;

  static long of(Object object) {
    GraphDigest digest = new GraphDigest();
    digest.add(object);
    return digest.hash;
  }

  /** One more number, mixed in. */
  static long mix(long hash, long value) {
    long z = (hash ^ value) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 29)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 32);
  }

  private void put(long value) {
    hash = mix(hash, value);
  }

  private void add(Object object) {
    if (object == null) {
      put(7);
    } else if (object instanceof Number number) {
      put(number.longValue());
    } else if (object instanceof Boolean bool) {
      put(bool ? 3 : 5);
    } else if (object instanceof Enum<?> constant) {
      put(constant.ordinal());
    } else if (object instanceof NodeId id) {
      put(id.value());
    } else if (object instanceof Bytes || object instanceof String) {
      put(object.hashCode());
    } else if (object instanceof LogEntry entry) {
      put(entry.index() << 20 ^ entry.term() << 4 ^ entry.kind().ordinal());
      put(entry.encoded().hashCode());
    } else if (object instanceof Map<?, ?> map) {
      addMap(map);
    } else if (object instanceof Collection<?> collection) {
      put(collection.size());
      collection.forEach(this::add);
    } else {
      if (object instanceof RaftLog log) {
        addEntries(log);
      }
      addFields(object);
    }
  }

  /** What the log says, whatever of it is packed. */
  private void addEntries(RaftLog log) {
    for (long index = log.firstIndex(); index <= log.lastIndex(); index++) {
      add(log.entry(index));
    }
  }

  private void addMap(Map<?, ?> map) {
    long sum = 0;
    long before = hash;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      hash = 11;
      add(entry.getKey());
      add(entry.getValue());
      sum += hash;
    }
    hash = before;
    put(sum);
  }

  private void addFields(Object object) {
    Class<?> type = object.getClass();
    if (LEFT_OUT.contains(type) || type.isHidden()) {
      return;
    }
    if (!(object instanceof Record)) {
      Integer number = seen.putIfAbsent(object, seen.size());
      if (number != null) {
        put(number);
        return;
      }
      put(type.getSimpleName().hashCode());
    }
    try {
      for (Field field : fieldsOf(type)) {
        if (field.getType() == long.class) {
          put(field.getLong(object));
        } else {
          add(field.get(object));
        }
      }
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static List<Field> fieldsOf(Class<?> type) {
    return FIELDS.computeIfAbsent(
        type,
        t -> {
          List<Field> fields = new ArrayList<>(GraphCopier.fieldsOf(t));
          fields.removeIf(
              field ->
                  LEFT_OUT_NAMES.contains(field.getName()) || field.getName().endsWith("Nanos"));
          return fields;
        });
  }
}
