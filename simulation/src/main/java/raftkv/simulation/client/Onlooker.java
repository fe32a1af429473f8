package raftkv.simulation.client;

import raftkv.node.ReadRequest;
import raftkv.raft.NodeId;
import raftkv.simulation.time.Timeline;

/**
 * Looks at a node again and again while it is in trouble: after a start, cut off, deposed without
 * knowing it. What it is shown must not be older than what was known before it looked.
 */
public final class Onlooker {
  private static final String LOOK = "seen";
  private static final long TIMEOUT_NANOS = 400 * Timeline.MILLI;

  private final Doors doors;
  private final Timeline timeline;
  private final Ledger ledger;

  /** An onlooker at those doors. */
  public Onlooker(Doors doors, Timeline timeline, Ledger ledger) {
    this.doors = doors;
    this.timeline = timeline;
    this.ledger = ledger;
  }

  /** Linearizable reads: so many, the first after a gap, then a gap between two. */
  public void read(NodeId node, int times, long gapNanos) {
    for (int i = 1; i <= times; i++) {
      timeline.after(i * gapNanos, () -> read(node));
    }
  }

  /** Stale reads of any age, in the same way. */
  public void peek(NodeId node, int times, long gapNanos) {
    for (int i = 1; i <= times; i++) {
      timeline.after(i * gapNanos, () -> peek(node));
    }
  }

  private void read(NodeId node) {
    long known = ledger.knownIndex();
    send(
        node, new ReadRequest.Linearizable(), answer -> ledger.looked(LOOK, known, answer.index()));
  }

  private void peek(NodeId node) {
    send(node, new ReadRequest.Stale(0, 0), answer -> ledger.peeked(node, answer.index(), 0, 0));
  }

  private interface Judging {
    void judge(Reply.Answered answer);
  }

  private void send(NodeId node, ReadRequest.Consistency consistency, Judging judging) {
    doors.read(
        node.value() - 1,
        consistency,
        machine -> LOOK,
        TIMEOUT_NANOS,
        reply -> {
          if (reply instanceof Reply.Answered answer) {
            judging.judge(answer);
          }
        });
  }
}
