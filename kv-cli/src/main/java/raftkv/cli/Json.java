package raftkv.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One JSON object on one line, its members in the order in which they are added. */
final class Json {
  private final StringBuilder text = new StringBuilder("{");

  Json with(String name, @Nullable String value) {
    name(name);
    if (value == null) {
      text.append("null");
    } else {
      quote(value);
    }
    return this;
  }

  Json with(String name, long value) {
    name(name);
    text.append(value);
    return this;
  }

  Json with(String name, boolean value) {
    name(name);
    text.append(value);
    return this;
  }

  Json with(String name, List<Json> values) {
    name(name);
    text.append('[');
    String separator = "";
    for (Json value : values) {
      text.append(separator).append(value);
      separator = ",";
    }
    text.append(']');
    return this;
  }

  Json with(String name, Json value) {
    name(name);
    text.append(value);
    return this;
  }

  private void name(String name) {
    if (text.length() > 1) {
      text.append(',');
    }
    quote(name);
    text.append(':');
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> character(c);
      }
    }
    text.append('"');
  }

  private void character(char c) {
    if (c >= ' ') {
      text.append(c);
      return;
    }
    String hex = Integer.toHexString(c);
    text.append("\\u").append("0000", 0, 4 - hex.length()).append(hex);
  }

  @Override
  public String toString() {
    return text + "}";
  }
}
