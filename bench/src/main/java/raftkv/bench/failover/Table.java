package raftkv.bench.failover;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Figures of many trials, in Markdown. */
final class Table {
  private Table() {}

  static String head() {
    return "| cluster | leader | trials | gap p50 | p99 | max | elected p50 | p99 | detection |"
        + " pre-vote | vote | no-op and client | above 300 ms |\n"
        + "|---|---|---|---|---|---|---|---|---|---|---|---|---|";
  }

  /** One line; times in milliseconds, the parts as medians. */
  static String line(String contender, Fault fault, List<TrialResult> trials, double longMs) {
    Quantiles gaps = of(trials, TrialResult::gapMs);
    Quantiles elected = elected(trials);
    return String.format(
        Locale.ROOT,
        "| %s | %s | %d | %.1f | %.1f | %.1f | %.0f | %.0f | %.1f | %.1f | %.1f | %.1f | %d |",
        contender,
        words(fault),
        gaps.count(),
        gaps.median(),
        gaps.at(99),
        gaps.max(),
        elected.median(),
        elected.at(99),
        of(trials, trial -> trial.parts().detection()).median(),
        of(trials, trial -> trial.parts().preVote()).median(),
        of(trials, trial -> trial.parts().vote()).median(),
        of(trials, trial -> trial.parts().answer()).median(),
        trials.stream().filter(trial -> trial.gapMs() > longMs).count());
  }

  /** Times until another led, of the trials whose winner's log says so. */
  static Quantiles elected(List<TrialResult> trials) {
    List<TrialResult> told =
        trials.stream().filter(trial -> trial.timeline().elected() >= 0).toList();
    return of(told, trial -> trial.timeline().elected());
  }

  static String words(Fault fault) {
    return switch (fault) {
      case KILL -> "SIGKILL";
      case TERM -> "SIGTERM";
      case STOP -> "SIGSTOP";
      case CUT -> "network cut";
      case NONE -> "none";
    };
  }

  private static Quantiles of(List<TrialResult> trials, ToDoubleFunction<TrialResult> value) {
    return new Quantiles(trials.stream().map(value::applyAsDouble).collect(Collectors.toList()));
  }
}
