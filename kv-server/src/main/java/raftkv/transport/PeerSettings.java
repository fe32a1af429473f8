package raftkv.transport;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import raftkv.raft.Check;
import raftkv.raft.NodeId;

/**
 * What a node's links need to know. Times in nanoseconds, sizes in bytes.
 *
 * @param self this node
 * @param peers where to reach each other member
 * @param run drawn at random by this process: a link joins two runs
 * @param version of this program, for the log of the other side
 * @param electionTimeoutMinNanos told to peers, who warn if theirs differs
 * @param electionTimeoutMaxNanos likewise
 * @param heartbeatNanos likewise
 * @param limits bounds of queues and times
 */
public record PeerSettings(
    NodeId self,
    SortedMap<NodeId, PeerAddress> peers,
    long run,
    String version,
    long electionTimeoutMinNanos,
    long electionTimeoutMaxNanos,
    long heartbeatNanos,
    Limits limits) {

  /** Copies the map. */
  public PeerSettings {
    peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
    Check.that(!peers.containsKey(self), "a node is no peer of itself");
  }

  /**
   * Bounds.
   *
   * @param inboundMessageBytes largest message taken
   * @param queuedBytes what may wait in one link; beyond it the newest is dropped
   * @param connectNanos for a connection, and again for the answer to the first message
   * @param redialNanos between two attempts while a peer has just gone
   * @param slowRedialNanos between two attempts when many in a row have failed
   * @param pingNanos between two questions whether the other side is there
   * @param pingsUnanswered so many unanswered questions end a link
   * @param snapshotPieceBytes a snapshot's piece, one of which is under way in each of two threads
   * @param snapshotBytesPerSecond no snapshot is sent faster
   * @param snapshotPatienceNanos a snapshot that gets no further for so long is given up
   */
  public record Limits(
      int inboundMessageBytes,
      int queuedBytes,
      long connectNanos,
      long redialNanos,
      long slowRedialNanos,
      long pingNanos,
      int pingsUnanswered,
      int snapshotPieceBytes,
      long snapshotBytesPerSecond,
      long snapshotPatienceNanos) {
    private static final long MILLISECOND = 1_000_000;

    /** The documented defaults. */
    public static final Limits DEFAULT =
        new Limits(
            4 << 20,
            8 << 20,
            1_500 * MILLISECOND,
            50 * MILLISECOND,
            250 * MILLISECOND,
            1_000 * MILLISECOND,
            3,
            256 << 10,
            64 << 20,
            60_000 * MILLISECOND);
  }
}
