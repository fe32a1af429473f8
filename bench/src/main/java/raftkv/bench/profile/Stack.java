package raftkv.bench.profile;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The methods of one sample, the innermost first.
 *
 * @param frames each as {@code package.Class.method:line}
 */
record Stack(List<String> frames) {
  static final String NOT_OURS = "(none of ours on the stack)";
  private static final String OURS = "raftkv.";
  private static final String SHADED = "io.grpc.netty.shaded.";

  /** Where the time went, without the line. */
  String self() {
    return frames.isEmpty() ? "(unknown)" : method(frames.get(0));
  }

  /** Our innermost method: who is to blame for what it calls. */
  String ours() {
    return frames.stream()
        .filter(frame -> frame.startsWith(OURS))
        .findFirst()
        .map(Stack::method)
        .orElse(NOT_OURS);
  }

  /** Our innermost method with its line, and the method that it led to. */
  String site() {
    return frames.stream()
        .filter(frame -> frame.startsWith(OURS))
        .findFirst()
        .map(frame -> shorten(frame) + (frame.equals(frames.get(0)) ? "" : " > " + self()))
        .orElse(NOT_OURS + " " + self());
  }

  /** All our methods on the stack, each once: what they and all they call take. */
  Set<String> allOurs() {
    Set<String> methods = new LinkedHashSet<>();
    frames.stream()
        .filter(frame -> frame.startsWith(OURS))
        .forEach(frame -> methods.add(method(frame)));
    return methods;
  }

  private static String method(String frame) {
    int line = frame.lastIndexOf(':');
    return shorten(line < 0 ? frame : frame.substring(0, line));
  }

  private static String shorten(String frame) {
    return frame.startsWith(SHADED) ? frame.substring(SHADED.length()) : frame;
  }
}
