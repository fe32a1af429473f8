package raftkv.kv;

import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;

/**
 * Which page of keys to list, in unsigned byte order.
 *
 * @param prefix with what the keys begin; empty for all
 * @param after the last key of the page before; null for the first page
 * @param maxEntries at most so many, from 1; the cluster's limit holds as well
 */
public record ListQuery(Bytes prefix, @Nullable Bytes after, int maxEntries, Counted counted) {
  /** What counts against the limit on the bytes of a page: what the caller is going to send. */
  public enum Counted {
    /** Keys and values. */
    KEYS_AND_VALUES,
    /** Keys only: values are going to be left out. */
    KEYS
  }

  /** Checks the range. */
  public ListQuery {
    MalformedInput.unless(maxEntries >= 1, "a page has at least one entry");
  }
}
