package raftkv.node;

/**
 * Asks for the hash of the replicated state.
 *
 * @param index after which entry; 0: the last applied one
 * @param deadlineNanos when to answer at the latest ({@link RequestDeadline}), in the loop's time
 */
public record HashRequest(long index, long deadlineNanos) {}
