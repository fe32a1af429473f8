package raftkv.raft;

import org.jspecify.annotations.Nullable;

/**
 * What a node must never forget besides its log (Raft Figure 2, safety rule 5.1). Written with
 * every batch of the write-ahead log.
 *
 * @param term latest term that the node has seen; 0 before the first
 * @param votedFor who got this node's vote in that term, or null
 * @param incarnation the identity of this node's data
 * @param admitted whether this incarnation has seen its own ADMIT committed (safety rule 5.4)
 */
public record HardState(
    long term, @Nullable NodeId votedFor, Incarnation incarnation, boolean admitted) {
  /** What a blank disk has. */
  public static final HardState BLANK = new HardState(0, null, Incarnation.NONE, false);

  /** The standing with which the node answers. */
  public Standing standing() {
    return new Standing(incarnation, admitted);
  }

  HardState withTerm(long newTerm) {
    Check.that(newTerm > term, "terms only rise", newTerm, term);
    return new HardState(newTerm, null, incarnation, admitted);
  }

  HardState withVote(NodeId candidate) {
    Check.that(votedFor == null || votedFor.equals(candidate), "one vote a term");
    return new HardState(term, candidate, incarnation, admitted);
  }

  HardState withAdmission() {
    return new HardState(term, votedFor, incarnation, true);
  }

  HardState withIncarnation(Incarnation drawn) {
    return new HardState(term, votedFor, drawn, false);
  }
}
