package raftkv.client;

/**
 * Which page of which keys.
 *
 * @param prefix keys that begin with this; empty for all
 * @param size entries at most; 0 for the server's default
 * @param token {@link ListPage#nextPageToken} of the page before; empty for the first
 * @param part what of each entry is wanted
 */
public record PageRequest(String prefix, int size, String token, Part part) {
  /** What of each entry is wanted. */
  public enum Part {
    /** All of it. */
    ENTRIES,
    /** All but the value. */
    KEYS
  }

  /** The first page of entries with a prefix. */
  public static PageRequest of(String prefix) {
    return new PageRequest(prefix, 0, "", Part.ENTRIES);
  }

  /** The page behind that one. */
  public PageRequest after(ListPage page) {
    return new PageRequest(prefix, size, page.nextPageToken(), part);
  }
}
