package raftkv.client;

import java.util.List;

/**
 * One page of keys in unsigned UTF-8 order.
 *
 * @param nextPageToken empty if this was the last page
 */
public record ListPage(List<KvEntry> entries, String nextPageToken, AnsweredBy by) {
  /** Copies the list. */
  public ListPage {
    entries = List.copyOf(entries);
  }
}
