package raftkv.simulation.history;

import org.jspecify.annotations.Nullable;

/** What a client asked of one key. */
public sealed interface Call {
  /** The value that is stored if all goes well; null if none is. */
  default @Nullable String stores() {
    if (this instanceof Put put) {
      return put.value();
    }
    return this instanceof CompareAndSet swap ? swap.value() : null;
  }

  /** Store a value. */
  record Put(String value) implements Call {}

  /** Store a value if the current one is the expected one; null expects the key to be absent. */
  record CompareAndSet(@Nullable String expected, String value) implements Call {}

  /** Remove the key. */
  record Delete() implements Call {}

  /** Remove the key if its value is this one, which was stored at that index. */
  record DeleteStored(String expected, long index) implements Call {}

  /** Read the key. */
  record Get() implements Call {}
}
