package raftkv.cli;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import raftkv.client.KvValue;

/**
 * One line of a file to be loaded: a key, one space or tab, the value, which is the whole rest.
 * Escapes, in both: {@code \t \n \r \s} (space) {@code \\} and {@code \xHH} for any byte. A value
 * is stored as text if it is UTF-8, else as bytes; a key has to be UTF-8.
 *
 * @param bytes of key and value, as they are sent
 */
record LoadEntry(String key, KvValue value, int bytes) {
  /** The longest key and the longest value that are allowed, once the escapes are undone. */
  record Limits(int maxKeyBytes, int maxValueBytes) {}

  /**
   * Reads a line without its end.
   *
   * @return null if there is nothing on it
   * @throws UsageMistake if it is no key and value, in words that follow "line 3: "
   */
  static @Nullable LoadEntry parse(byte[] line, int length, Limits limits) {
    if (length == 0) {
      return null;
    }
    int blank = 0;
    while (blank < length && line[blank] != ' ' && line[blank] != '\t') {
      blank++;
    }
    if (blank == length) {
      throw new UsageMistake("no space or tab between key and value");
    }
    byte[] key = unescaped(line, 0, blank);
    byte[] value = unescaped(line, blank + 1, length);
    if (key.length == 0) {
      throw new UsageMistake("the key is empty");
    }
    checkSize("key", key.length, limits.maxKeyBytes());
    checkSize("value", value.length, limits.maxValueBytes());
    String name = text(key);
    if (name == null) {
      throw new UsageMistake("the key is not UTF-8");
    }
    String words = text(value);
    return new LoadEntry(
        name, words == null ? KvValue.of(value) : KvValue.of(words), key.length + value.length);
  }

  private static void checkSize(String what, int size, int limit) {
    if (size > limit) {
      throw new UsageMistake("the " + what + " has " + size + " bytes, allowed are " + limit);
    }
  }

  private static byte[] unescaped(byte[] line, int from, int toExclusive) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream(toExclusive - from);
    int at = from;
    while (at < toExclusive) {
      if (line[at] != '\\') {
        plain.write(line[at++]);
        continue;
      }
      int kind = at + 1 < toExclusive ? line[at + 1] : -1;
      plain.write(kind == 'x' ? hexByte(line, at + 2, toExclusive) : escape(kind));
      at += kind == 'x' ? 4 : 2;
    }
    return plain.toByteArray();
  }

  private static int escape(int kind) {
    return switch (kind) {
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 's' -> ' ';
      case '\\' -> '\\';
      default ->
          throw new UsageMistake(
              "a backslash is followed by one of t n r s x \\, and itself written \\\\");
    };
  }

  private static int hexByte(byte[] line, int at, int toExclusive) {
    int high = at < toExclusive ? Character.digit(line[at], 16) : -1;
    int low = at + 1 < toExclusive ? Character.digit(line[at + 1], 16) : -1;
    if (high < 0 || low < 0) {
      throw new UsageMistake("\\x is followed by two hex digits");
    }
    return high << 4 | low;
  }

  private static @Nullable String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notText) {
      return null;
    }
  }
}
