package raftkv.bench.failover;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What a client says of its attempts, the newest lines. Thread-safe. */
final class ClientTrace {
  private static final int MAX_LINES = 20_000;

  private final Deque<Line> lines = new ArrayDeque<>();

  /** Said at that time, in microseconds since 1970. */
  record Line(long at, String text) {}

  synchronized void say(String text) {
    if (lines.size() == MAX_LINES) {
      lines.removeFirst();
    }
    lines.addLast(new Line(LogLine.micros(Instant.now()), text));
  }

  synchronized void forget() {
    lines.clear();
  }

  /** What was said between two times. */
  synchronized List<Line> between(long fromMicros, long toMicros) {
    List<Line> found = new ArrayList<>();
    for (Line line : lines) {
      if (line.at() >= fromMicros && line.at() <= toMicros) {
        found.add(line);
      }
    }
    return found;
  }
}
