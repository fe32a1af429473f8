package raftkv.tools;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.ExitCode;
import raftkv.storage.dump.DumpLine;

/** Prints what is found, one line each, and remembers the first thing that is wrong. */
final class Printer implements Consumer<DumpLine> {
  private final PrintStream out;
  private final Form form;
  private @Nullable ExitCode firstFault;
  private int faults;

  /** How lines look. */
  enum Form {
    TEXT,
    JSON
  }

  Printer(PrintStream out, Form form) {
    this.out = out;
    this.form = form;
  }

  @Override
  public void accept(DumpLine line) {
    if (line.kind().equals(DumpLine.DAMAGE)) {
      fault(line, ExitCode.DAMAGED);
    } else if (line.kind().equals(DumpLine.NEWER)) {
      fault(line, ExitCode.NEWER_FORMAT);
    } else {
      print(line);
    }
  }

  /** Something is wrong; what the process ends with, unless something else was before. */
  void fault(DumpLine line, ExitCode code) {
    faults++;
    if (firstFault == null) {
      firstFault = code;
    }
    print(line);
  }

  private void print(DumpLine line) {
    out.println(form == Form.JSON ? json(line) : text(line));
  }

  int faults() {
    return faults;
  }

  ExitCode exitCode() {
    return firstFault == null ? ExitCode.CLEAN : firstFault;
  }

  private static String text(DumpLine line) {
    boolean bad = line.kind().equals(DumpLine.DAMAGE) || line.kind().equals(DumpLine.NEWER);
    StringBuilder text = new StringBuilder();
    text.append(line.file()).append(':').append(line.offset()).append(' ');
    text.append(bad ? line.kind().toUpperCase(Locale.ROOT) : line.kind());
    for (DumpLine.Field field : line.fields()) {
      String value = String.valueOf(field.value());
      text.append(' ');
      if (field.name().equals("what") || field.name().equals("says")) {
        text.append(printable(value));
      } else {
        text.append(field.name()).append('=').append(printable(value));
      }
    }
    return text.toString();
  }

  private static String printable(String value) {
    StringBuilder text = new StringBuilder();
    value.codePoints().forEach(c -> text.append(Character.isISOControl(c) ? "?" : character(c)));
    return text.toString();
  }

  private static String character(int codePoint) {
    return new String(Character.toChars(codePoint));
  }

  private static String json(DumpLine line) {
    StringBuilder json = new StringBuilder("{\"file\":").append(quoted(line.file()));
    json.append(",\"offset\":").append(line.offset());
    json.append(",\"type\":").append(quoted(line.kind()));
    for (DumpLine.Field field : line.fields()) {
      json.append(',').append(quoted(field.name())).append(':').append(value(field.value()));
    }
    return json.append('}').toString();
  }

  private static String value(Object value) {
    boolean plain = value instanceof Number || value instanceof Boolean;
    return plain ? value.toString() : quoted(value.toString());
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
