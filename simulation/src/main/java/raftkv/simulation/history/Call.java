package raftkv.simulation.history;

import org.jspecify.annotations.Nullable;

/** What a client asked of one key. */
public sealed interface Call {
  /** Store a value. */
  record Put(String value) implements Call {}

  /** Store a value if the current one is the expected one; null expects the key to be absent. */
  record CompareAndSet(@Nullable String expected, String value) implements Call {}

  /** Remove the key. */
  record Delete() implements Call {}

  /** Read the key. */
  record Get() implements Call {}
}
