package raftkv.bench.failover;

import java.util.concurrent.CompletableFuture;

/** A client of a cluster that does all it can to get a write through. Thread-safe. */
interface Writer extends AutoCloseable {
  /** Writes, trying again until a deadline of its own. */
  CompletableFuture<?> write(String key, String value);

  @Override
  void close();
}
