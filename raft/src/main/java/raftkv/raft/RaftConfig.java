package raftkv.raft;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The numbers of one node. All times in nanoseconds.
 *
 * @param self this node
 * @param members all members of the cluster, this node included, in ascending order
 * @param format makes entries
 * @param limits what this node, as the first leader of a new cluster, puts into {@link Settings}
 * @param elections when a leader is missed, and what is done then
 * @param flow how much is under way at a time
 * @param retainedLogBytes how much log is kept behind a snapshot for followers that lag; 32 MiB
 * @param snapshotRetryNanos pause behind a snapshot transfer that failed; one second
 * @param checkInvariants whether the expensive checks of {@link Invariants} run at each Ready
 */
public record RaftConfig(
    NodeId self,
    List<NodeId> members,
    EntryFormat format,
    Bytes limits,
    Elections elections,
    Flow flow,
    long retainedLogBytes,
    long snapshotRetryNanos,
    boolean checkInvariants) {
  private static final long MILLISECOND = 1_000_000;
  private static final long RETAINED_LOG_BYTES = 32L << 20;
  private static final long SNAPSHOT_RETRY_NANOS = 1_000 * MILLISECOND;

  /**
   * When a leader is missed, and what is done then.
   *
   * @param timeoutMinNanos shortest election timeout (Raft §5.2); default 150 ms
   * @param timeoutMaxNanos longest election timeout; default 300 ms
   * @param heartbeatNanos how often a leader speaks when it has nothing to say; default 50 ms
   * @param reactToLinkLoss whether a broken connection to the leader starts a pre-vote at once
   * @param preVote whether a node asks for pre-votes before it begins a term; off only to measure
   *     elections as the paper has them
   */
  public record Elections(
      long timeoutMinNanos,
      long timeoutMaxNanos,
      long heartbeatNanos,
      boolean reactToLinkLoss,
      boolean preVote) {
    private static final Elections DEFAULT =
        new Elections(150 * MILLISECOND, 300 * MILLISECOND, 50 * MILLISECOND, true, true);

    /** Checks the ranges. */
    public Elections {
      Check.that(heartbeatNanos > 0, "heartbeat interval is positive");
      Check.that(heartbeatNanos < timeoutMinNanos, "heartbeats come before the timeout");
      Check.that(timeoutMinNanos <= timeoutMaxNanos, "timeouts are a range");
    }
  }

  /**
   * How much is under way at a time.
   *
   * @param maxAppendBytes size of the entries of one append; at least one entry always fits
   * @param windowMessages appends in flight to one follower
   * @param windowBytes bytes of entries in flight to one follower
   * @param maxUncommittedEntries proposals that may wait to be committed
   * @param maxUncommittedBytes bytes of proposals that may wait to be committed
   * @param maxCommittedEntries entries handed to the state machine by one Ready
   * @param maxCommittedBytes bytes handed to the state machine by one Ready; at least one entry
   */
  public record Flow(
      int maxAppendBytes,
      int windowMessages,
      int windowBytes,
      int maxUncommittedEntries,
      long maxUncommittedBytes,
      int maxCommittedEntries,
      int maxCommittedBytes) {
    private static final Flow DEFAULT =
        new Flow(256 << 10, 64, 4 << 20, 65_536, 64L << 20, 1_024, 1 << 20);

    /** Checks the ranges. */
    public Flow {
      Check.that(maxAppendBytes > 0 && windowMessages > 0 && windowBytes > 0, "window is positive");
    }
  }

  /** Checks the ranges and sorts the members. */
  public RaftConfig {
    List<NodeId> sorted = new ArrayList<>(members);
    Collections.sort(sorted);
    members = List.copyOf(sorted);
    Check.that(members.contains(self), "this node is a member");
    Check.that(retainedLogBytes >= 0, "retained bytes are not negative");
    Check.that(snapshotRetryNanos > 0, "a pause is positive");
  }

  /** The defaults of the documentation. */
  public static RaftConfig of(NodeId self, List<NodeId> members, EntryFormat format, Bytes limits) {
    return new RaftConfig(
        self,
        members,
        format,
        limits,
        Elections.DEFAULT,
        Flow.DEFAULT,
        RETAINED_LOG_BYTES,
        SNAPSHOT_RETRY_NANOS,
        false);
  }

  /**
   * How many places a member comes behind another one in the ring of all members, in the order of
   * their ids: the order in which they take over from one another.
   */
  int placesBehind(NodeId first, NodeId member) {
    return Math.floorMod(members.indexOf(member) - members.indexOf(first), members.size());
  }

  /** The same with other times. */
  public RaftConfig withTimes(
      long electionTimeoutMin, long electionTimeoutMax, long heartbeatInterval) {
    return with(
        new Elections(
            electionTimeoutMin,
            electionTimeoutMax,
            heartbeatInterval,
            elections.reactToLinkLoss,
            elections.preVote),
        retainedLogBytes);
  }

  /** The same with another amount of log kept behind a snapshot. */
  public RaftConfig withRetainedLogBytes(long bytes) {
    return with(elections, bytes);
  }

  /**
   * The same with elections as Raft §5.2 has them: without pre-vote, and by timeout alone. For
   * measurements; a node that was cut off would come back with a high term and disturb the others.
   */
  public RaftConfig withElectionsOfThePaper() {
    return with(
        new Elections(
            elections.timeoutMinNanos,
            elections.timeoutMaxNanos,
            elections.heartbeatNanos,
            false,
            false),
        retainedLogBytes);
  }

  private RaftConfig with(Elections otherElections, long otherRetainedLogBytes) {
    return new RaftConfig(
        self,
        members,
        format,
        limits,
        otherElections,
        flow,
        otherRetainedLogBytes,
        snapshotRetryNanos,
        checkInvariants);
  }
}
