package raftkv.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Lines over a number that doubles, as SVG: for each line its medians, and at each of them a stroke
 * from the least to the most. Nothing but shapes and text, so that every browser shows it.
 */
final class Chart {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 420;
  private static final int LEFT = 80;
  private static final int RIGHT = 190;
  private static final int TOP = 50;
  private static final int BOTTOM = 60;
  private static final int LEGEND_STEP = 22;

  /** Distinguishable by people who do not see all colours (Okabe and Ito). */
  private static final List<String> COLOURS =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000");

  private final String title;
  private final String across;
  private final Scale scale;
  private final Map<String, List<Point>> series = new LinkedHashMap<>();

  /** One measured thing at one place. */
  private record Point(double x, Spread y) {}

  /**
   * An empty chart.
   *
   * @param title with the unit of what is drawn
   * @param across what the number is that doubles
   */
  Chart(String title, String across, Scale scale) {
    this.title = title;
    this.across = across;
    this.scale = scale;
  }

  /** Adds a point to a line; points of a line come in order. */
  Chart with(String name, double x, Spread y) {
    series.computeIfAbsent(name, unseen -> new ArrayList<>()).add(new Point(x, y));
    return this;
  }

  /** Whether there is nothing to draw. */
  boolean isEmpty() {
    return series.isEmpty();
  }

  /** The picture. */
  String svg() {
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d'"
            + " font-family='sans-serif' font-size='13'>",
        WIDTH,
        HEIGHT,
        WIDTH,
        HEIGHT);
    add(svg, "<rect width='100%%' height='100%%' fill='white'/>");
    add(svg, "<text x='%d' y='28' font-size='16'>%s</text>", LEFT, escaped(title));
    grid(svg);
    int number = 0;
    for (Map.Entry<String, List<Point>> line : series.entrySet()) {
      draw(svg, line.getKey(), line.getValue(), number++);
    }
    add(svg, "</svg>");
    return svg.toString();
  }

  private void grid(StringBuilder svg) {
    for (double tick : scale.ticks(bottom(), top())) {
      double y = y(tick);
      add(
          svg,
          "<line x1='%d' y1='%.1f' x2='%d' y2='%.1f' stroke='#dddddd'/>",
          LEFT,
          y,
          WIDTH - RIGHT,
          y);
      add(svg, "<text x='%d' y='%.1f' text-anchor='end'>%s</text>", LEFT - 8, y + 4, label(tick));
    }
    for (double x : places()) {
      add(
          svg,
          "<text x='%.1f' y='%d' text-anchor='middle'>%s</text>",
          x(x),
          HEIGHT - BOTTOM + 20,
          label(x));
    }
    add(
        svg,
        "<text x='%d' y='%d' text-anchor='middle'>%s</text>",
        (LEFT + WIDTH - RIGHT) / 2,
        HEIGHT - BOTTOM + 44,
        escaped(across));
  }

  private void draw(StringBuilder svg, String name, List<Point> points, int number) {
    String colour = COLOURS.get(number % COLOURS.size());
    StringBuilder path = new StringBuilder();
    for (Point point : points) {
      add(path, "%.1f,%.1f ", x(point.x()), y(point.y().median()));
    }
    add(
        svg,
        "<polyline points='%s' fill='none' stroke='%s' stroke-width='2'/>",
        path.toString().replace("\n", ""),
        colour);
    for (Point point : points) {
      add(
          svg,
          "<line x1='%1$.1f' y1='%2$.1f' x2='%1$.1f' y2='%3$.1f' stroke='%4$s'/>",
          x(point.x()),
          y(point.y().least()),
          y(point.y().most()),
          colour);
      add(
          svg,
          "<circle cx='%.1f' cy='%.1f' r='3.5' fill='%s'/>",
          x(point.x()),
          y(point.y().median()),
          colour);
    }
    int legend = TOP + number * LEGEND_STEP;
    add(
        svg,
        "<rect x='%d' y='%d' width='14' height='4' fill='%s'/>",
        WIDTH - RIGHT + 20,
        legend,
        colour);
    add(svg, "<text x='%d' y='%d'>%s</text>", WIDTH - RIGHT + 42, legend + 6, escaped(name));
  }

  private TreeSet<Double> places() {
    TreeSet<Double> places = new TreeSet<>();
    series.values().forEach(points -> points.forEach(point -> places.add(point.x())));
    return places;
  }

  private double x(double value) {
    TreeSet<Double> places = places();
    double first = places.first();
    double last = places.last();
    double part = first == last ? 0.5 : Math.log(value / first) / Math.log(last / first);
    return LEFT + 15 + part * (WIDTH - LEFT - RIGHT - 30);
  }

  private double y(double value) {
    double part = scale.place(Math.max(value, bottom()), bottom(), top());
    return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM);
  }

  private double bottom() {
    return scale.floor(spreads().stream().mapToDouble(Spread::least).min().orElse(1));
  }

  private double top() {
    return scale.ceiling(spreads().stream().mapToDouble(Spread::most).max().orElse(1));
  }

  private List<Spread> spreads() {
    return series.values().stream().flatMap(List::stream).map(Point::y).toList();
  }

  private static String label(double value) {
    if (value >= 1_000 || value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return Numbers.of(value);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;");
  }

  private static void add(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
