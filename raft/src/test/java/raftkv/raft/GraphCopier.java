package raftkv.raft;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Copies the objects of a node as they are, so that a search can go on from one state in several
 * ways. By reflection, and only here: the core knows nothing of being copied. What never changes
 * (records, enums, bytes, the JDK's immutable collections, lambdas) is shared.
 */
final class GraphCopier {
  private static final Map<Class<?>, List<Field>> FIELDS = new HashMap<>();
  private static final Map<Class<?>, Constructor<?>> MAKERS = new HashMap<>();

  private final IdentityHashMap<Object, Object> copies = new IdentityHashMap<>();

  /** That object is not copied: the copy has the same one. */
  void share(Object object) {
    copies.put(object, object);
  }

  @SuppressWarnings("unchecked")
  <T> T copy(T object) {
    return (T) copyOf(object);
  }

  private @Nullable Object copyOf(@Nullable Object object) {
    if (object == null || isUnchanging(object)) {
      return object;
    }
    Object done = copies.get(object);
    return done == null ? makeCopy(object) : done;
  }

  private static boolean isUnchanging(Object object) {
    Class<?> type = object.getClass();
    return object instanceof Record
        || object instanceof Enum
        || object instanceof Bytes
        || object instanceof Number
        || object instanceof String
        || object instanceof Boolean
        || type.isHidden()
        || type.getName().startsWith("java.util.ImmutableCollections");
  }

  private Object makeCopy(Object object) {
    Class<?> type = object.getClass();
    if (object instanceof Map<?, ?> map) {
      return copyMap(map);
    } else if (object instanceof Collection<?> collection) {
      return copyCollection(collection);
    } else if (type.isArray()) {
      Object array = Array.newInstance(type.getComponentType(), Array.getLength(object));
      Check.that(type.getComponentType().isPrimitive(), "arrays of objects are not copied yet");
      System.arraycopy(object, 0, array, 0, Array.getLength(object));
      copies.put(object, array);
      return array;
    }
    Check.that(type.getName().startsWith("raftkv."), "no way to copy a " + type);
    return copyFields(object, type);
  }

  private Object copyMap(Map<?, ?> map) {
    Map<Object, Object> copy = map instanceof TreeMap ? new TreeMap<>() : new HashMap<>();
    copies.put(map, copy);
    map.forEach((key, value) -> copy.put(key, copyOf(value)));
    return copy;
  }

  private Object copyCollection(Collection<?> collection) {
    Collection<Object> copy =
        collection instanceof TreeSet
            ? new TreeSet<>()
            : collection instanceof ArrayDeque
                ? new ArrayDeque<>(collection.size() + 1)
                : new ArrayList<>(collection.size());
    copies.put(collection, copy);
    collection.forEach(element -> copy.add(copyOf(element)));
    return copy;
  }

  private Object copyFields(Object object, Class<?> type) {
    try {
      Object copy = maker(type).newInstance();
      copies.put(object, copy);
      for (Field field : fieldsOf(type)) {
        field.set(copy, copyOf(field.get(object)));
      }
      return copy;
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The fields of a class and its parents that belong to an object. */
  static List<Field> fieldsOf(Class<?> type) {
    return FIELDS.computeIfAbsent(
        type,
        t -> {
          List<Field> fields = new ArrayList<>();
          for (Class<?> c = t; c != null && c != Object.class; c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
              if (!Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                fields.add(field);
              }
            }
          }
          return fields;
        });
  }

  /** A constructor that runs none of the class: its fields are set one by one. */
  private static Constructor<?> maker(Class<?> type) throws ReflectiveOperationException {
    Constructor<?> made = MAKERS.get(type);
    if (made == null) {
      Class<?> factory = Class.forName("sun.reflect.ReflectionFactory");
      Object instance = factory.getMethod("getReflectionFactory").invoke(null);
      Method make =
          factory.getMethod("newConstructorForSerialization", Class.class, Constructor.class);
      made = (Constructor<?>) make.invoke(instance, type, Object.class.getDeclaredConstructor());
      MAKERS.put(type, made);
    }
    return made;
  }
}
