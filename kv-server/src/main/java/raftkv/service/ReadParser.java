package raftkv.service;

import java.util.Base64;
import org.jspecify.annotations.Nullable;
import raftkv.kv.KvLimits;
import raftkv.kv.ListQuery;
import raftkv.node.ReadRequest;
import raftkv.proto.kv.v1.ListRequest;
import raftkv.proto.kv.v1.ReadOptions;
import raftkv.raft.Bytes;

/** Makes queries of requests, or says which field is wrong. Pure. */
final class ReadParser {
  private static final int DEFAULT_PAGE = 100;
  private static final long MILLISECOND = 1_000_000;
  private static final long MAX_STALENESS_MS = Long.MAX_VALUE / MILLISECOND;
  private static final byte TOKEN_FORMAT = 1;

  private final KvLimits limits;
  private final WriteParser fields;

  ReadParser(KvLimits limits) {
    this.limits = limits;
    this.fields = new WriteParser(limits);
  }

  Bytes key(String key) {
    return fields.key(key);
  }

  Bytes prefix(String prefix) {
    return fields.prefix(prefix);
  }

  static ReadRequest.Consistency consistency(ReadOptions read) {
    InvalidRequest.unlessNumber(read.getMinIndex(), "min_index");
    InvalidRequest.unlessNumber(read.getMaxStalenessMs(), "max_staleness_ms");
    return switch (read.getConsistency()) {
      case CONSISTENCY_STALE ->
          new ReadRequest.Stale(
              read.getMinIndex(),
              Math.min(read.getMaxStalenessMs(), MAX_STALENESS_MS) * MILLISECOND);
      case CONSISTENCY_UNSPECIFIED, CONSISTENCY_LINEARIZABLE -> linearizable(read);
      case UNRECOGNIZED ->
          throw new InvalidRequest(
              "CONSISTENCY_UNKNOWN", "read.consistency", "read.consistency is not known here");
    };
  }

  /** What only means something for a stale read would otherwise be dropped silently. */
  private static ReadRequest.Consistency linearizable(ReadOptions read) {
    InvalidRequest.unless(
        read.getMinIndex() == 0 && read.getMaxStalenessMs() == 0,
        "READ_OPTIONS_INVALID",
        "read.consistency",
        "min_index and max_staleness_ms are for CONSISTENCY_STALE");
    return new ReadRequest.Linearizable();
  }

  ListQuery list(ListRequest request) {
    Bytes prefix = fields.prefix(request.getPrefix());
    int size = request.getPageSize();
    InvalidRequest.unless(
        size >= 0 && size <= limits.maxPageEntries(),
        "PAGE_SIZE_INVALID",
        "page_size",
        "page_size is " + size + ", allowed are 0 to " + limits.maxPageEntries());
    return new ListQuery(
        prefix,
        after(request.getPageToken(), prefix),
        size == 0 ? Math.min(DEFAULT_PAGE, limits.maxPageEntries()) : size,
        request.getKeysOnly() ? ListQuery.Counted.KEYS : ListQuery.Counted.KEYS_AND_VALUES);
  }

  /** The token of the page behind that key. */
  static String token(Bytes lastKey) {
    byte[] token = new byte[1 + lastKey.length()];
    token[0] = TOKEN_FORMAT;
    System.arraycopy(lastKey.array(), lastKey.offset(), token, 1, lastKey.length());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  private static @Nullable Bytes after(String token, Bytes prefix) {
    if (token.isEmpty()) {
      return null;
    }
    try {
      byte[] decoded = Base64.getUrlDecoder().decode(token);
      if (decoded.length > 1 && decoded[0] == TOKEN_FORMAT) {
        Bytes key = Bytes.wrap(decoded, 1, decoded.length - 1);
        if (startsWith(key, prefix)) {
          return key;
        }
      }
    } catch (IllegalArgumentException notBase64) {
      throw badToken();
    }
    throw badToken();
  }

  private static InvalidRequest badToken() {
    return new InvalidRequest(
        "PAGE_TOKEN_INVALID", "page_token", "page_token is not one of this prefix's pages");
  }

  private static boolean startsWith(Bytes key, Bytes prefix) {
    if (key.length() < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      if (key.at(i) != prefix.at(i)) {
        return false;
      }
    }
    return true;
  }
}
