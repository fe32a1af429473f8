package raftkv.bench.failover;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What nodes and client said, in one order of time, in milliseconds from the strike. */
final class Story {
  /** Said for each write; the first few of a kind say all there is to say. */
  private static final Pattern EACH_WRITE =
      Pattern.compile("(?i)copy \\d+ to|put answered|NO_ANSWER|NOT_CONNECTED|put failed");

  private static final int OF_EACH_WRITE = 12;
  private static final double MICROS_PER_MILLI = 1_000;

  private Story() {}

  private record Line(long at, String text) {}

  static List<String> of(
      List<LogLine> nodes,
      List<ClientTrace.Line> client,
      LogWords words,
      long fromMicros,
      long toMicros,
      long struckMicros) {
    List<Line> lines = new ArrayList<>();
    for (LogLine line : nodes) {
      boolean inTime = line.at() >= fromMicros && line.at() <= toMicros;
      if (inTime && words.story().matcher(line.text()).find()) {
        lines.add(new Line(line.at(), "node " + line.node() + ": " + line.text()));
      }
    }
    // Until it is struck, each write is answered, which nobody wants to read.
    int ofEachWrite = 0;
    for (ClientTrace.Line line : client) {
      boolean ofWrite = EACH_WRITE.matcher(line.text()).find();
      if (ofWrite && (line.at() < struckMicros || ++ofEachWrite > OF_EACH_WRITE)) {
        continue;
      }
      lines.add(new Line(line.at(), "client: " + line.text()));
    }
    lines.sort(Comparator.comparingLong(Line::at));
    return lines.stream()
        .map(
            line ->
                String.format(
                    Locale.ROOT,
                    "%+9.1f  %s",
                    (line.at() - struckMicros) / MICROS_PER_MILLI,
                    line.text()))
        .toList();
  }
}
