package raftkv.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import raftkv.client.KvException;

/** Waits for answers of single nodes. */
final class Waiting {
  private Waiting() {}

  /**
   * The answer.
   *
   * @throws KvException if there was none
   */
  static <A> A on(CompletableFuture<A> future) {
    try {
      return future.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof KvException why) {
        throw why;
      }
      throw failed;
    }
  }

  /** The answer, or null if there was none. */
  static <A> @Nullable A orNull(CompletableFuture<A> future) {
    try {
      return on(future);
    } catch (KvException noAnswer) {
      return null;
    }
  }
}
