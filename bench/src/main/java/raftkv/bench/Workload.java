package raftkv.bench;

/**
 * What to do.
 *
 * @param operations puts as a whole
 * @param inFlight puts under way at a time: all the time in a closed loop, at most in an open one
 * @param perSecond puts begun a second in an open loop; 0 for a closed one
 * @param keys different keys, taken in turn
 * @param valueBytes size of each value
 */
record Workload(long operations, int inFlight, long perSecond, long keys, int valueBytes) {
  String keyOf(long number) {
    return "bench" + number % keys;
  }

  String valueOf(long number) {
    String digits = Long.toString(number);
    int filling = Math.max(0, valueBytes - digits.length());
    return "v".repeat(filling) + digits;
  }
}
