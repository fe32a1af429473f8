package raftkv.kv;

import java.nio.charset.StandardCharsets;
import raftkv.raft.Bytes;

/**
 * A value as it was stored. Text and bytes are different values even if their bytes are equal.
 *
 * @param kind as what it was stored
 * @param bytes the bytes, for text in UTF-8
 */
public record KvValue(ValueKind kind, Bytes bytes) {
  /** A text. */
  public static KvValue text(String text) {
    return new KvValue(ValueKind.TEXT, Bytes.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Bytes, which are handed over. */
  public static KvValue bytes(byte[] bytes) {
    return new KvValue(ValueKind.BYTES, Bytes.wrap(bytes));
  }

  /** The bytes as text: meant for values that were stored as text. */
  public String text() {
    return new String(bytes.array(), bytes.offset(), bytes.length(), StandardCharsets.UTF_8);
  }
}
