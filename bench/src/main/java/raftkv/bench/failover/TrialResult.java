package raftkv.bench.failover;

import java.util.List;
import java.util.Locale;
import raftkv.bench.report.JsonLine;

/**
 * What a trial found. Times in milliseconds.
 *
 * @param at when it ended
 * @param leader who was struck
 * @param gapMs longest time without an answer
 * @param endMs end of that gap, from the strike
 * @param longestMs longest time that one write took
 * @param failed writes that were never answered
 * @param calm whether the machine had come to rest before
 * @param story what nodes and client said; not part of the line
 */
record TrialResult(
    String contender,
    Fault fault,
    String at,
    int leader,
    double gapMs,
    double endMs,
    double longestMs,
    long failed,
    boolean calm,
    Timeline timeline,
    List<String> story) {

  /** Where the time of the gap went; parts that the logs do not show are 0. */
  record Parts(double detection, double preVote, double vote, double answer) {
    /** The part that took longest, in a word. */
    String heaviest() {
      if (detection + preVote + vote + answer == 0) {
        return "nothing that the logs show";
      }
      double most = Math.max(Math.max(detection, preVote), Math.max(vote, answer));
      if (most == detection) {
        return "detection";
      }
      return most == preVote ? "pre-vote" : most == vote ? "vote" : "no-op and client";
    }
  }

  /**
   * The winner's times cut the gap. What passed before it, while answers still came, is no part of
   * it, and a hand-over has no pre-vote; where no other node led, nothing is known.
   */
  Parts parts() {
    if (timeline.elected() < 0) {
      return new Parts(0, 0, 0, 0);
    }
    double candidate = Math.max(0, timeline.candidate());
    double started = timeline.started() < 0 ? candidate : timeline.started();
    return new Parts(
        ofGap(Double.NEGATIVE_INFINITY, started),
        ofGap(started, candidate),
        ofGap(candidate, timeline.elected()),
        ofGap(timeline.elected(), Double.POSITIVE_INFINITY));
  }

  private double ofGap(double fromMs, double toMs) {
    return Math.max(0, Math.min(toMs, endMs) - Math.max(fromMs, endMs - gapMs));
  }

  JsonLine json() {
    return new JsonLine()
        .with("contender", contender)
        .with("fault", fault.name())
        .with("at", at)
        .with("leader", leader)
        .with("gap_ms", gapMs)
        .with("end_ms", endMs)
        .with("longest_ms", longestMs)
        .with("failed", failed)
        .with("calm", Boolean.toString(calm))
        .with("suspected_ms", timeline.suspected())
        .with("started_ms", timeline.started())
        .with("candidate_ms", timeline.candidate())
        .with("elected_ms", timeline.elected())
        .with("elections", timeline.elections());
  }

  static TrialResult of(JsonLine line) {
    Timeline timeline =
        new Timeline(
            line.number("suspected_ms"),
            line.number("started_ms"),
            line.number("candidate_ms"),
            line.number("elected_ms"),
            (int) line.number("elections"));
    return new TrialResult(
        line.text("contender"),
        Fault.valueOf(line.text("fault")),
        line.text("at"),
        (int) line.number("leader"),
        line.number("gap_ms"),
        line.number("end_ms"),
        line.number("longest_ms"),
        (long) line.number("failed"),
        Boolean.parseBoolean(line.text("calm")),
        timeline,
        List.of());
  }

  /** One sentence about a long gap. */
  String explanation() {
    Parts parts = parts();
    return String.format(
        Locale.ROOT,
        "%s %s %s: %.1f ms, mostly %s (detection %.1f, pre-vote %.1f, vote %.1f, no-op and client"
            + " %.1f; %d candidacies)",
        at,
        contender,
        fault,
        gapMs,
        parts.heaviest(),
        parts.detection(),
        parts.preVote(),
        parts.vote(),
        parts.answer(),
        timeline.elections());
  }
}
