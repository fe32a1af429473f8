package raftkv.bench.failover;

import java.util.List;
import raftkv.simulation.election.CumulativePlot;

/** How long there was no leader on real processes, drawn as in Figure 16 of the Raft paper. */
final class ElectionPlot {
  private static final double FROM_MS = 10;
  private static final double TO_MS = 1_000;

  private ElectionPlot() {}

  /** A curve for each contender and fault of which there are trials whose winner is known. */
  static String svg(Results results, List<String> contenders, List<Fault> faults) {
    CumulativePlot plot =
        new CumulativePlot("Real processes: from the strike until another leads", FROM_MS, TO_MS);
    for (String contender : contenders) {
      for (Fault fault : faults) {
        Quantiles elected = Table.elected(results.of(contender, fault));
        if (elected.count() > 0) {
          String title = contender + ", " + Table.words(fault);
          plot.curve(contender, title, fault.endsProcess(), elected::at);
        }
      }
    }
    plot.said(513, 100, "worst 513 ms with 150-200");
    return plot.svg();
  }
}
