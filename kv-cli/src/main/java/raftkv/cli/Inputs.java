package raftkv.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import raftkv.client.KvValue;

/** Values and files as they are named on a command line. */
final class Inputs {
  private Inputs() {}

  /** The word itself, or what stdin holds if it is "-": as text if it is UTF-8, else as bytes. */
  static KvValue value(String word, InputStream in) throws IOException {
    return word.equals("-") ? fromBytes(in.readAllBytes()) : KvValue.of(word);
  }

  /**
   * Keys and values of a file, "-" for stdin. A key may stand there once: two writes of one key in
   * flight would end in an order that nobody chose. A value is text if it is UTF-8, else bytes; a
   * key has to be text: decoded anyhow, two keys could become one.
   */
  static Map<String, KvValue> lines(String file, InputStream in) throws IOException {
    byte[] bytes = file.equals("-") ? in.readAllBytes() : Files.readAllBytes(Path.of(file));
    Map<String, KvValue> values = new LinkedHashMap<>();
    int number = 0;
    int begin = 0;
    while (begin < bytes.length) {
      number++;
      int end = indexOf('\n', bytes, begin);
      try {
        addLine(bytes, begin, endOfLine(bytes, begin, end), values);
      } catch (UsageMistake bad) {
        throw new UsageMistake("line " + number + " of " + file + " " + bad.getMessage());
      }
      begin = end + 1;
    }
    return values;
  }

  /** Adds what stands on one line; a mistake comes in words that follow "line 3 of file". */
  private static void addLine(byte[] bytes, int begin, int end, Map<String, KvValue> values) {
    if (begin == end) {
      return;
    }
    int blank = begin;
    while (blank < end && bytes[blank] != ' ' && bytes[blank] != '\t') {
      blank++;
    }
    if (blank == begin || blank == end) {
      throw new UsageMistake("is not 'key value'");
    }
    String key = text(ByteBuffer.wrap(bytes, begin, blank - begin));
    if (key == null) {
      throw new UsageMistake("has a key that is not UTF-8");
    }
    KvValue value = fromBytes(Arrays.copyOfRange(bytes, blank + 1, end));
    if (values.put(key, value) != null) {
      throw new UsageMistake("names '" + key + "' again");
    }
  }

  private static int endOfLine(byte[] bytes, int begin, int end) {
    return end > begin && bytes[end - 1] == '\r' ? end - 1 : end;
  }

  /** Where that byte stands next, or the length if it does not. */
  private static int indexOf(char wanted, byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length && bytes[at] != wanted) {
      at++;
    }
    return at;
  }

  private static KvValue fromBytes(byte[] bytes) {
    String text = text(ByteBuffer.wrap(bytes));
    return text == null ? KvValue.of(bytes) : KvValue.of(text);
  }

  private static @Nullable String text(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException notText) {
      return null;
    }
  }
}
