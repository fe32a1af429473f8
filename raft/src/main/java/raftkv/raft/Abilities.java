package raftkv.raft;

/**
 * What a node is able to do now, whatever its role: set by its runtime when the disk is full or
 * hung, the replica is fenced or the process is stopping, and told to the leader in append answers.
 *
 * @param mayCampaign may start an election by itself
 * @param mayLead may take over leadership when asked to
 * @param mayAppend has room for more entries
 */
public record Abilities(boolean mayCampaign, boolean mayLead, boolean mayAppend) {
  /** A healthy node. */
  public static final Abilities ALL = new Abilities(true, true, true);
}
