package raftkv.cli;

import java.io.PrintStream;
import java.util.Locale;

/** A bar on a terminal's last line, drawn anew at most ten times a second. */
final class Progress implements AutoCloseable {
  private static final int WIDTH = 30;
  private static final long GAP_NANOS = 100_000_000L;
  private static final double SECOND = 1e9;

  private final PrintStream out;
  private final boolean shown;
  private final long total;
  private final long startedNanos;
  private long drawnNanos;
  private long before;

  /**
   * A bar that is not drawn yet.
   *
   * @param shown whether anybody would see it
   */
  Progress(PrintStream out, boolean shown, long total, long nowNanos) {
    this.out = out;
    this.shown = shown && total > 0;
    this.total = total;
    this.startedNanos = nowNanos;
    this.drawnNanos = nowNanos - GAP_NANOS;
  }

  /** So many were stored by an earlier try: they do not count for the rate. */
  void startAt(long done) {
    before = done;
  }

  void show(long done, long nowNanos) {
    if (shown && nowNanos - drawnNanos >= GAP_NANOS) {
      drawnNanos = nowNanos;
      draw(done, nowNanos);
    }
  }

  /** Draws it a last time, however short the last one was ago. */
  void end(long done, long nowNanos) {
    if (shown) {
      draw(done, nowNanos);
    }
  }

  private void draw(long done, long nowNanos) {
    int filled = (int) (WIDTH * done / total);
    double seconds = Math.max(1, nowNanos - startedNanos) / SECOND;
    out.printf(
        Locale.ROOT,
        "\r[%s%s] %3d%%  %,d of %,d  %,.0f/s ",
        "#".repeat(filled),
        ".".repeat(WIDTH - filled),
        100 * done / total,
        done,
        total,
        (done - before) / seconds);
    out.flush();
  }

  /** Leaves the line. */
  @Override
  public void close() {
    if (shown) {
      out.println();
      out.flush();
    }
  }
}
