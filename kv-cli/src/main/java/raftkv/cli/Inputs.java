package raftkv.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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
   * flight would end in an order that nobody chose.
   */
  static Map<String, KvValue> lines(String file, InputStream in) throws IOException {
    byte[] bytes = file.equals("-") ? in.readAllBytes() : Files.readAllBytes(Path.of(file));
    Map<String, KvValue> values = new LinkedHashMap<>();
    int number = 0;
    for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
      number++;
      String plain = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      if (plain.isEmpty()) {
        continue;
      }
      int blank = firstBlank(plain);
      if (blank <= 0) {
        throw new UsageMistake("line " + number + " of " + file + " is not 'key value'");
      }
      String key = plain.substring(0, blank);
      if (values.put(key, KvValue.of(plain.substring(blank + 1))) != null) {
        throw new UsageMistake("line " + number + " of " + file + " names '" + key + "' again");
      }
    }
    return values;
  }

  private static int firstBlank(String line) {
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) == ' ' || line.charAt(i) == '\t') {
        return i;
      }
    }
    return -1;
  }

  private static KvValue fromBytes(byte[] bytes) {
    try {
      return KvValue.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException notText) {
      return KvValue.of(bytes);
    }
  }
}
