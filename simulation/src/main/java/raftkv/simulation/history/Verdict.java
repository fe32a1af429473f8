package raftkv.simulation.history;

/** What a checker says of the history of one key. */
public sealed interface Verdict {
  /** One copy of the data could have answered so. */
  record Linearizable(long steps) implements Verdict {}

  /** It could not; the words show where it ended. */
  record Violated(String why) implements Verdict {}

  /** Not decided within the limit. For a test that is a failure like any other. */
  record GaveUp(String why) implements Verdict {}
}
