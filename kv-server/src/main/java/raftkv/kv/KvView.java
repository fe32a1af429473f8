package raftkv.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;

/**
 * All entries at one moment, in unsigned byte order of their keys. A captured view never changes
 * and may be read by any thread.
 */
public final class KvView {
  private static final byte[] FROM_THE_START = {};

  private final Node root;

  KvView(Node root) {
    this.root = root;
  }

  /** Called for entries in key order. */
  public interface Visitor {
    /** Takes an entry; false ends the scan. */
    boolean visit(KvEntry entry);
  }

  /** The number of entries. */
  public long count() {
    return root.count();
  }

  /** The number of keys with a prefix, in logarithmic time. */
  public long count(Bytes prefix) {
    byte[] from = KvEntry.exact(prefix);
    byte[] behind = behindPrefix(from);
    return (behind == null ? root.count() : root.rank(behind)) - root.rank(from);
  }

  /** The entry of a key, or null. */
  public @Nullable KvEntry get(Bytes key) {
    return root.get(KvEntry.exact(key));
  }

  /** Visits all entries. */
  public void scan(Visitor visitor) {
    root.scan(FROM_THE_START, visitor::visit);
  }

  /** Visits entries from that key on; true if the visitor took all of them. */
  boolean scan(byte[] from, Visitor visitor) {
    return root.scan(from, visitor::visit);
  }

  /**
   * One page of entries. It has at least one, whatever its size, if there is one.
   *
   * @param limits of entries and bytes of a page
   */
  public KvPage list(ListQuery query, KvLimits limits) {
    PageBuilder page = new PageBuilder(query, limits);
    root.scan(page.from(), page);
    return new KvPage(page.entries, page.hasMore);
  }

  /** The smallest key that is larger than all keys with the prefix; null if there is none. */
  private static byte @Nullable [] behindPrefix(byte[] prefix) {
    int length = prefix.length;
    while (length > 0 && prefix[length - 1] == (byte) 0xFF) {
      length--;
    }
    if (length == 0) {
      return null;
    }
    byte[] behind = Arrays.copyOf(prefix, length);
    behind[length - 1]++;
    return behind;
  }

  private static final class PageBuilder implements Node.Visitor {
    final List<KvEntry> entries = new ArrayList<>();
    boolean hasMore;

    private final ListQuery query;
    private final byte[] prefix;
    private final int maxEntries;
    private final long maxBytes;
    private long bytes;

    PageBuilder(ListQuery query, KvLimits limits) {
      this.query = query;
      this.prefix = KvEntry.exact(query.prefix());
      this.maxEntries = Math.min(query.maxEntries(), limits.maxPageEntries());
      this.maxBytes = limits.maxPageBytes();
    }

    /** The prefix, or the smallest key behind the last one of the page before. */
    byte[] from() {
      Bytes after = query.after();
      if (after == null) {
        return prefix;
      }
      byte[] next = Arrays.copyOf(after.toByteArray(), after.length() + 1);
      return Arrays.compareUnsigned(next, prefix) > 0 ? next : prefix;
    }

    @Override
    public boolean visit(KvEntry entry) {
      if (!startsWithPrefix(entry.keyArray())) {
        return false;
      }
      long size =
          switch (query.counted()) {
            case KEYS -> entry.keyArray().length;
            case KEYS_AND_VALUES -> entry.sizeBytes();
          };
      hasMore = entries.size() == maxEntries || (!entries.isEmpty() && bytes + size > maxBytes);
      if (!hasMore) {
        entries.add(entry);
        bytes += size;
      }
      return !hasMore;
    }

    private boolean startsWithPrefix(byte[] key) {
      return key.length >= prefix.length
          && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }
  }
}
