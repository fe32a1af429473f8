package raftkv.simulation.election;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import raftkv.simulation.election.ElectionSetting.Style;

/** The program behind {@code bench/elections.sh}: Figure 16 of the Raft paper with this core. */
public final class ElectionFigure {
  private static final int[][] UPPER = {
    {150, 150}, {150, 151}, {150, 155}, {150, 175}, {150, 200}, {150, 300}
  };
  private static final int[][] LOWER = {{12, 24}, {25, 50}, {50, 100}, {100, 200}, {150, 300}};

  private ElectionFigure() {}

  /** Takes the number of trials of each setting and the directory for what comes of them. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 2) {
      throw new IllegalArgumentException("usage: elections TRIALS DIRECTORY");
    }
    int trials = Integer.parseInt(arguments[0]);
    Path directory = Files.createDirectories(Path.of(arguments[1]));
    List<String> lines = new ArrayList<>();
    System.out.println("| timeout, ms | elections | trials | mean | median | p99 | max |");
    System.out.println("|---|---|---|---|---|---|---|");
    CumulativePlot upper =
        new CumulativePlot(
            "Five servers, leader crashes: by the randomness of the timeout", 50, 100_000);
    row(UPPER, trials, upper, lines);
    upper.said(287, 50, "median 287 ms with 150-155");
    upper.said(513, 100, "worst 513 ms with 150-200");
    CumulativePlot lower =
        new CumulativePlot("Five servers, leader crashes: by the length of the timeout", 5, 1_000);
    row(LOWER, trials, lower, lines);
    lower.said(35, 50, "35 ms in the mean with 12-24");
    lower.said(152, 100, "longest 152 ms with 12-24");
    Files.write(directory.resolve("elections.jsonl"), lines);
    Files.writeString(directory.resolve("elections-randomness.svg"), upper.svg());
    Files.writeString(directory.resolve("elections-timeout.svg"), lower.svg());
  }

  private static void row(int[][] ranges, int trials, CumulativePlot plot, List<String> lines) {
    for (Style style : Style.values()) {
      for (int[] range : ranges) {
        ElectionTimes times =
            ElectionTimes.measure(new ElectionSetting(range[0], range[1], style), trials);
        boolean paper = style == Style.PAPER;
        String timeout = times.setting().range();
        plot.curve(timeout, timeout + " ms" + (paper ? "" : ", ours"), !paper, times::at);
        lines.add(times.json());
        System.out.println(times.row());
      }
    }
  }
}
