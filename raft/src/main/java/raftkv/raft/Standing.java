package raftkv.raft;

/**
 * What every grant, pre-grant, echo and ack carries, so that the counting node can decide whether
 * it counts (safety rule 5.3).
 */
public record Standing(Incarnation incarnation, boolean admitted) {}
