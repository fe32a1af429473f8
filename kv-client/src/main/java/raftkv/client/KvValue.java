package raftkv.client;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A value as it is stored: text or bytes. The two are never equal, as they are not to the store.
 */
public sealed interface KvValue {
  /** Text. */
  static KvValue of(String text) {
    return new Text(text);
  }

  /** Bytes, copied. */
  static KvValue of(byte[] bytes) {
    return new Raw(ByteString.copyFrom(bytes));
  }

  /** The bytes, UTF-8 if it is text. A copy. */
  byte[] toBytes();

  /** The text; bytes are decoded as UTF-8, with replacement characters where they are not. */
  String toText();

  /** A text value. */
  record Text(String text) implements KvValue {
    /** Refuses null here, not when it is sent. */
    public Text {
      Objects.requireNonNull(text, "text");
    }

    @Override
    public byte[] toBytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toText() {
      return text;
    }
  }

  /** A value of bytes. */
  record Raw(ByteString bytes) implements KvValue {
    /** Refuses null here, not when it is sent. */
    public Raw {
      Objects.requireNonNull(bytes, "bytes");
    }

    @Override
    public byte[] toBytes() {
      return bytes.toByteArray();
    }

    @Override
    public String toText() {
      return bytes.toStringUtf8();
    }
  }
}
