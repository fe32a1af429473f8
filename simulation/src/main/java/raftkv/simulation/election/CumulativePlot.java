package raftkv.simulation.election;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * Cumulative percent over time without a leader, the time on a logarithmic scale as in the paper's
 * figure; as SVG. What the paper says of a curve in words is a ring with its name. For one thread.
 */
public final class CumulativePlot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 460;
  private static final int LEFT = 60;
  private static final int RIGHT = 190;
  private static final int TOP = 40;
  private static final int BOTTOM = 50;
  private static final List<String> COLOURS =
      List.of("#c0392b", "#d68910", "#7d3c98", "#1e8449", "#2471a3", "#17202a");

  private final double fromMillis;
  private final double toMillis;
  private final StringBuilder body = new StringBuilder();
  private final List<String> groups = new ArrayList<>();
  private int legends;

  /**
   * An empty plot of that range of time, from a power of ten on; what is outside lies on its edge.
   */
  public CumulativePlot(String title, double fromMillis, double toMillis) {
    this.fromMillis = fromMillis;
    this.toMillis = toMillis;
    text(LEFT, TOP - 18, "start", title);
    axes();
  }

  private void axes() {
    for (int percent = 0; percent <= 100; percent += 20) {
      line(LEFT, y(percent), WIDTH - RIGHT, y(percent), "#dddddd");
      text(LEFT - 8, y(percent) + 4, "end", percent + " %");
    }
    for (double millis = fromMillis; millis <= toMillis; millis *= 10) {
      for (int step : new int[] {1, 2, 5}) {
        if (millis * step <= toMillis) {
          line(x(millis * step), y(0), x(millis * step), y(100), "#dddddd");
          text(x(millis * step), y(0) + 18, "middle", label(millis * step));
        }
      }
    }
    text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 10, "middle", "time without leader, ms");
  }

  private static String label(double millis) {
    return String.format(Locale.ROOT, "%.0f", millis);
  }

  /**
   * A curve.
   *
   * @param group of curves that have one colour
   * @param millisAt the time that so many percent did not exceed
   */
  public void curve(String group, String name, boolean dashed, DoubleUnaryOperator millisAt) {
    if (!groups.contains(group)) {
      groups.add(group);
    }
    String colour = COLOURS.get(groups.indexOf(group) % COLOURS.size());
    String dash = dashed ? " stroke-dasharray=\"5 3\"" : "";
    StringBuilder points = new StringBuilder();
    for (double percent = 0.5; percent <= 100; percent += 0.5) {
      double millis = Math.min(toMillis, Math.max(fromMillis, millisAt.applyAsDouble(percent)));
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(millis), y(percent)));
    }
    add(
        "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\"%s points=\"%s\"/>",
        colour, dash, points);
    double legendY = TOP + 16.0 * legends++;
    double legendX = WIDTH - RIGHT + 12.0;
    add(
        "<line x1=\"%.0f\" y1=\"%.0f\" x2=\"%.0f\" y2=\"%.0f\" stroke=\"%s\" stroke-width=\"2\"%s/>",
        legendX, legendY - 4, legendX + 26, legendY - 4, colour, dash);
    text(legendX + 32, legendY, "start", name);
  }

  /** A figure that the paper gives. */
  public void said(double millis, double percent, String words) {
    add(
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"none\" stroke=\"black\"/>",
        x(millis), y(percent));
    text(x(millis) + 8, y(percent) + 14, "start", "paper: " + words);
  }

  /** The picture. */
  public String svg() {
    return String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " font-family=\"sans-serif\" font-size=\"12\">%n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
            WIDTH,
            HEIGHT)
        + body
        + "</svg>\n";
  }

  private double x(double millis) {
    double part = Math.log(millis / fromMillis) / Math.log(toMillis / fromMillis);
    return LEFT + part * (WIDTH - LEFT - RIGHT);
  }

  private double y(double percent) {
    return HEIGHT - BOTTOM - percent / 100 * (HEIGHT - TOP - BOTTOM);
  }

  private void line(double x1, double y1, double x2, double y2, String colour) {
    add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>",
        x1, y1, x2, y2, colour);
  }

  private void text(double x, double y, String anchor, String words) {
    add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, words);
  }

  private void add(String format, Object... values) {
    body.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
