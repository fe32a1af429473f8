package raftkv.raft;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a leader knows of one follower, and how it sends to it.
 *
 * <pre>
 *   PROBE      one append at a time, to find where the logs agree
 *     |  ^     accepted: REPLICATE            refused: further back
 *     v  |
 *   REPLICATE  optimistic, up to a window of appends in flight; refused or link lost: PROBE
 *     ...
 *   SNAPSHOT   needs entries that only a snapshot covers; delivered, or has them after all: PROBE;
 *              failed: sent again after a pause
 * </pre>
 */
final class Progress {
  enum State {
    PROBE,
    REPLICATE,
    SNAPSHOT
  }

  private record Flight(long lastIndex, int bytes) {}

  static final long NEVER = Long.MIN_VALUE;
  private static final Flight NO_FLIGHT = new Flight(0, 0);

  final NodeId peer;
  private State state = State.PROBE;
  private long nextIndex;

  /** Highest index known to be equal and durable there; falls only with the incarnation. */
  private long matchIndex;

  private final ArrayDeque<Flight> window = new ArrayDeque<>();
  private int windowBytes;

  /** In PROBE: the round of the unanswered append, or 0. */
  private long probeRound;

  /** In PROBE: the last entry of that append, and the size of its entries. */
  private Flight probe = NO_FLIGHT;

  /** In SNAPSHOT: the end of the snapshot under way, or 0. */
  private long snapshotIndex;

  /** No snapshot is sent before that time: the last transfer has failed. */
  private long snapshotPauseEndNanos = NEVER;

  private long echoedRound;
  private long contactNanos = NEVER;
  private @Nullable Standing standing;
  private Abilities abilities = Abilities.ALL;

  Progress(NodeId peer, long nextIndex) {
    this.peer = peer;
    this.nextIndex = nextIndex;
  }

  State state() {
    return state;
  }

  long nextIndex() {
    return nextIndex;
  }

  long matchIndex() {
    return matchIndex;
  }

  long echoedRound() {
    return echoedRound;
  }

  /** When the newest round that the peer echoed was sent, or {@link #NEVER}. */
  long contactNanos() {
    return contactNanos;
  }

  @Nullable Standing standing() {
    return standing;
  }

  Abilities abilities() {
    return abilities;
  }

  /**
   * Whether it says so, and can have the whole log soon: a snapshot takes longer than a transfer.
   */
  boolean mayLead() {
    return abilities.mayLead() && state != State.SNAPSHOT;
  }

  /** In PROBE: whether nothing is under way that would tell where the logs agree. */
  boolean hasNoProbe() {
    return state == State.PROBE && probeRound == 0;
  }

  /** Whether entries from nextIndex on may be sent now. */
  boolean mayReplicate(RaftConfig config) {
    return switch (state) {
      case PROBE -> probeRound == 0;
      case REPLICATE ->
          window.size() < config.flow().windowMessages()
              && windowBytes < config.flow().windowBytes();
      case SNAPSHOT -> false;
    };
  }

  /**
   * An append with that many entries was sent in that round. What follows an unanswered probe is
   * empty and asks the same: the first answer will do, or a stream of reads, each with a round of
   * its own, would keep the peer in PROBE for ever.
   */
  void sent(long round, int entries, int bytes) {
    if (state == State.PROBE && probeRound == 0) {
      probeRound = round;
      probe = new Flight(nextIndex - 1 + entries, bytes);
    } else if (state == State.REPLICATE && entries > 0) {
      inFlight(new Flight(nextIndex - 1 + entries, bytes));
    }
  }

  private void inFlight(Flight flight) {
    nextIndex = flight.lastIndex() + 1;
    window.add(flight);
    windowBytes += flight.bytes();
  }

  /** The peer answered: it is there, as that incarnation, and has seen that round. */
  void heard(Standing newStanding, Abilities newAbilities, long round, long roundSentNanos) {
    if (standing != null && !standing.incarnation().equals(newStanding.incarnation())) {
      forget();
    }
    standing = newStanding;
    abilities = newAbilities;
    echoedRound = Math.max(echoedRound, round);
    contactNanos = Math.max(contactNanos, roundSentNanos);
  }

  /** Equal and durable up to there; returns whether that is news. */
  boolean matched(long index) {
    if (index <= matchIndex) {
      return false;
    }
    matchIndex = index;
    nextIndex = Math.max(nextIndex, index + 1);
    while (!window.isEmpty() && window.getFirst().lastIndex() <= index) {
      windowBytes -= window.removeFirst().bytes();
    }
    return true;
  }

  /** The newest append was taken: if it was the probe, the place where the logs agree is found. */
  void accepted() {
    if (state == State.PROBE && probeRound != 0 && echoedRound >= probeRound) {
      Flight taken = probe;
      become(State.REPLICATE);
      if (taken.lastIndex() >= nextIndex) {
        inFlight(taken);
      }
    }
  }

  /** An append was refused at that index; the logs may agree right before {@code next}. */
  void refused(long prevIndex, long next) {
    boolean stale = prevIndex <= matchIndex || (state == State.PROBE && prevIndex != nextIndex - 1);
    if (stale || state == State.SNAPSHOT) {
      return;
    }
    become(State.PROBE);
    nextIndex = Math.max(matchIndex + 1, Math.min(next, prevIndex));
  }

  /** What was in flight may be lost: find out where the peer stands. */
  void probeAgain() {
    if (state != State.SNAPSHOT) {
      become(State.PROBE);
      nextIndex = matchIndex == 0 ? nextIndex : matchIndex + 1;
    }
  }

  /** An unanswered probe may be repeated. */
  void retryProbe() {
    probeRound = 0;
  }

  /** Whether a snapshot that covers so much is to be sent now; it is under way from then on. */
  boolean takeTransferDue(long minIndex, long nowNanos) {
    boolean due =
        state == State.SNAPSHOT && snapshotIndex == 0 && nowNanos >= snapshotPauseEndNanos;
    if (due) {
      snapshotIndex = minIndex;
    }
    return due;
  }

  /** The snapshot arrived there: go on behind it. */
  void snapshotDelivered() {
    if (state == State.SNAPSHOT && snapshotIndex > 0) {
      long next = Math.max(matchIndex, snapshotIndex) + 1;
      become(State.PROBE);
      nextIndex = next;
    }
  }

  /** The snapshot did not arrive: another is sent after that time. */
  void snapshotFailed(long pauseEndNanos) {
    snapshotIndex = 0;
    snapshotPauseEndNanos = pauseEndNanos;
  }

  /** The log begins behind that index: does the peer need a snapshot, or no more? */
  void logBeginsBehind(long baseIndex) {
    if (state == State.SNAPSHOT && matchIndex >= baseIndex) {
      become(State.PROBE);
      nextIndex = matchIndex + 1;
    } else if (state != State.SNAPSHOT && nextIndex <= baseIndex) {
      become(State.SNAPSHOT);
    }
  }

  /** The peer lost its data: nothing that it once had counts (safety rule 5.4). */
  private void forget() {
    become(State.PROBE);
    nextIndex = Math.max(1, nextIndex);
    matchIndex = 0;
    echoedRound = 0;
    contactNanos = NEVER;
  }

  private void become(State newState) {
    state = newState;
    window.clear();
    windowBytes = 0;
    probeRound = 0;
    snapshotIndex = 0;
  }
}
