package raftkv.bench.report;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One flat object of JSON on a line: names, and values that are texts or numbers. That is all that
 * a result needs, and any tool reads it.
 */
public final class JsonLine {
  private final Map<String, Object> fields = new LinkedHashMap<>();

  /** Adds a text. */
  public JsonLine with(String name, String value) {
    fields.put(name, value);
    return this;
  }

  /** Adds a number. */
  public JsonLine with(String name, double value) {
    fields.put(name, value);
    return this;
  }

  /** Adds a whole number. */
  public JsonLine with(String name, long value) {
    return with(name, (double) value);
  }

  /** A text field; empty if it is not there. */
  public String text(String name) {
    Object value = fields.get(name);
    return value == null ? "" : value instanceof Double number ? plain(number) : value.toString();
  }

  /** A number; 0 if it is not there or no number. */
  public double number(String name) {
    return fields.get(name) instanceof Double number ? number : 0;
  }

  /** Whether it has such a field. */
  public boolean has(String name) {
    return fields.containsKey(name);
  }

  /** The line, without its end. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder("{");
    fields.forEach(
        (name, value) -> {
          line.append(line.length() > 1 ? "," : "").append(quoted(name)).append(':');
          line.append(value instanceof Double number ? plain(number) : quoted(value.toString()));
        });
    return line.append('}').toString();
  }

  /** Three decimals where there are any: more is noise in every figure that is measured here. */
  private static String plain(double number) {
    double rounded = Math.rint(number * 1_000) / 1_000;
    return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else {
        quoted.append(c < ' ' ? ' ' : c);
      }
    }
    return quoted.append('"').toString();
  }

  /**
   * Reads a line as it is written here; null if it is not whole, as after a run that was killed.
   */
  public static @Nullable JsonLine parse(String line) {
    return new Reader(line.strip()).read();
  }

  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    @Nullable JsonLine read() {
      JsonLine line = new JsonLine();
      if (!text.startsWith("{") || !text.endsWith("}")) {
        return null;
      }
      at = 1;
      while (at < text.length() - 1) {
        String name = quotedHere();
        if (name == null || at >= text.length() || text.charAt(at) != ':') {
          return null;
        }
        at++;
        if (!readValue(line, name)) {
          return null;
        }
        if (text.charAt(at) == ',') {
          at++;
        }
      }
      return line;
    }

    private boolean readValue(JsonLine line, String name) {
      if (text.charAt(at) == '"') {
        String value = quotedHere();
        if (value == null) {
          return false;
        }
        line.with(name, value);
        return at < text.length();
      }
      int end = at;
      while (end < text.length() && text.charAt(end) != ',' && text.charAt(end) != '}') {
        end++;
      }
      try {
        line.with(name, Double.parseDouble(text.substring(at, end)));
      } catch (NumberFormatException other) {
        return false;
      }
      at = end;
      return at < text.length();
    }

    private @Nullable String quotedHere() {
      if (at >= text.length() || text.charAt(at) != '"') {
        return null;
      }
      StringBuilder value = new StringBuilder();
      for (at++; at < text.length(); at++) {
        char c = text.charAt(at);
        if (c == '"') {
          at++;
          return value.toString();
        }
        if (c == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(text.charAt(at));
      }
      return null;
    }
  }
}
