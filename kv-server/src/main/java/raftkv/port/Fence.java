package raftkv.port;

/**
 * The record that a replica was found to differ from the majority: it gives no results of its own
 * state machine until its state has been replaced (safety rule 7.1).
 *
 * @param index the applied index at which the states differ
 * @param own this replica's state hash there
 * @param majority what the majority says
 */
public record Fence(long index, StateHash own, StateHash majority) {}
