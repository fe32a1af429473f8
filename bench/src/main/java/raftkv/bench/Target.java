package raftkv.bench;

import java.util.concurrent.CompletableFuture;

/** A system under load. Thread-safe. */
interface Target extends AutoCloseable {
  /** Stores a value; the future fails with an exception whose message is fit for a report. */
  CompletableFuture<?> put(String key, String value);

  /** In a few words, for the report. */
  String describe();

  @Override
  void close();
}
