package raftkv.bench.report;

/**
 * One of the things that are measured, however often.
 *
 * @param inFlight operations under way, at most if there is a rate
 * @param rate operations a second; 0 for a closed loop
 */
record Cell(String target, String operation, int inFlight, double rate) {
  static Cell of(JsonLine line) {
    return new Cell(
        line.text("target"),
        line.text("operation"),
        (int) line.number("in_flight"),
        line.number("rate"));
  }

  static Cell closed(String target, String operation, int inFlight) {
    return new Cell(target, operation, inFlight, 0);
  }
}
