package raftkv.bench.failover;

import java.util.List;

/**
 * A time without any answer.
 *
 * @param beginNanos the last answer before
 * @param endNanos the first one after
 */
record Gap(long beginNanos, long endNanos) {
  long nanos() {
    return endNanos - beginNanos;
  }

  /**
   * The longest stretch between two answers that follow each other and of which the second came
   * after a moment. Without an answer after it, the gap reaches to the end of the observation.
   *
   * @param acks in any order
   */
  static Gap longest(List<Ack> acks, long sinceNanos, long untilNanos) {
    long[] done = acks.stream().mapToLong(Ack::doneNanos).sorted().toArray();
    long before = sinceNanos;
    Gap longest = new Gap(sinceNanos, sinceNanos);
    boolean answered = false;
    for (long at : done) {
      if (at - sinceNanos <= 0) {
        before = at;
        continue;
      }
      answered = true;
      if (at - before > longest.nanos()) {
        longest = new Gap(before, at);
      }
      before = at;
    }
    return answered ? longest : new Gap(before, untilNanos);
  }
}
