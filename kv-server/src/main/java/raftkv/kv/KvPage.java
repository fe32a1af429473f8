package raftkv.kv;

import java.util.List;
import raftkv.raft.Bytes;

/**
 * A page of entries in key order.
 *
 * @param hasMore whether the next page, behind the last key of this one, has entries
 */
public record KvPage(List<KvEntry> entries, boolean hasMore) {
  /** Copies the list. */
  public KvPage {
    entries = List.copyOf(entries);
    MalformedInput.unless(!hasMore || !entries.isEmpty(), "a page with more behind it is empty");
  }

  /** Where the next page begins: {@link ListQuery#after()} of the next query. */
  public Bytes lastKey() {
    return entries.get(entries.size() - 1).key();
  }
}
