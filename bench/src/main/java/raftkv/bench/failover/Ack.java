package raftkv.bench.failover;

/**
 * A write that was answered.
 *
 * @param dueNanos when it should have begun
 * @param doneNanos when its answer was there
 */
record Ack(long dueNanos, long doneNanos) {}
