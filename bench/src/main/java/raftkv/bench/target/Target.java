package raftkv.bench.target;

import org.jspecify.annotations.Nullable;

/** A system under load. Thread-safe; no method blocks or throws. */
public interface Target extends AutoCloseable {
  /** How an operation ended: called once, on any thread, and does not block. */
  interface Ending {
    /**
     * It ended.
     *
     * @param value what a read found; null for a key that is not there, and for every put
     * @param failure null if all went well
     */
    void ended(byte @Nullable [] value, @Nullable Failure failure);
  }

  /** Stores a value. */
  void put(String key, byte[] value, Ending ending);

  /** Reads a key so that every put is seen that was answered before. */
  void get(String key, Ending ending);

  /** Reads a key from the state of one node, which may be old. */
  void getStale(String key, Ending ending);

  /** In a few words, for the report. */
  String describe();

  @Override
  void close();
}
