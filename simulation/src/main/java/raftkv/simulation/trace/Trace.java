package raftkv.simulation.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.simulation.time.Timeline;

/** The story of a run: a hash over all of it, and the last lines in words. */
public final class Trace {
  private static final int KEPT = 4_096;
  private static final int FIELDS = 6;
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private final Timeline timeline;
  private final @Nullable Consumer<String> lines;
  private final long[] kept = new long[KEPT * FIELDS];
  private long hash = FACTOR;
  private long events;

  /**
   * A trace of a run on that timeline.
   *
   * @param lines takes each line as it happens; null: nobody reads along
   */
  public Trace(Timeline timeline, @Nullable Consumer<String> lines) {
    this.timeline = timeline;
    this.lines = lines;
  }

  /** Something happened, now, at a node (0: at none); the numbers mean what the kind says. */
  public void add(Happening kind, long node, long first, long second, long third) {
    long now = timeline.nowNanos();
    int at = (int) (events % KEPT) * FIELDS;
    kept[at] = now;
    kept[at + 1] = kind.ordinal();
    kept[at + 2] = node;
    kept[at + 3] = first;
    kept[at + 4] = second;
    kept[at + 5] = third;
    events++;
    mix(now);
    mix(kind.ordinal() * 1_000L + node);
    mix(first);
    mix(second);
    mix(third);
    if (lines != null) {
      lines.accept(words(at));
    }
  }

  private void mix(long number) {
    hash = Long.rotateLeft((hash ^ number) * FACTOR, 29);
  }

  /** Equal for equal runs, whatever the machine. */
  public long hash() {
    return hash;
  }

  /** How much happened. */
  public long events() {
    return events;
  }

  /** The last lines, the newest at the end. */
  public List<String> lastLines(int count) {
    List<String> last = new ArrayList<>();
    long from = Math.max(0, events - Math.min(count, KEPT));
    for (long event = from; event < events; event++) {
      last.add(words((int) (event % KEPT) * FIELDS));
    }
    return last;
  }

  private String words(int at) {
    Happening kind = Happening.values()[(int) kept[at + 1]];
    String words =
        kind.words()
            .replace("{n}", Long.toString(kept[at + 2]))
            .replace("{1}", Long.toString(kept[at + 3]))
            .replace("{2}", Long.toString(kept[at + 4]))
            .replace("{3}", Long.toString(kept[at + 5]));
    return millis(kept[at]) + "  " + words;
  }

  private static String millis(long nanos) {
    long micros = nanos / Timeline.MICRO;
    String fraction = Long.toString(1_000 + micros % 1_000).substring(1);
    String whole = Long.toString(micros / 1_000);
    return " ".repeat(Math.max(0, 7 - whole.length())) + whole + "." + fraction;
  }
}
