package raftkv.client;

import org.jspecify.annotations.Nullable;

/**
 * What a read found.
 *
 * @param entry null if the key does not exist
 */
public record GetResult(@Nullable KvEntry entry, AnsweredBy by) {
  /** Whether the key exists. */
  public boolean found() {
    return entry != null;
  }
}
