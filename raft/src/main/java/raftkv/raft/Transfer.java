package raftkv.raft;

/** A leadership on its way to another node (thesis §3.10). Nothing is proposed meanwhile. */
final class Transfer {
  final NodeId target;

  /** When this leader goes on by itself: a minimum election timeout after it began. */
  final long deadlineNanos;

  private boolean sent;

  Transfer(NodeId target, long deadlineNanos) {
    this.target = target;
    this.deadlineNanos = deadlineNanos;
  }

  /** Whether TimeoutNow is due, now that the target's log reaches that index; once. */
  boolean takeDue(long targetMatchIndex, long lastIndex) {
    if (sent || targetMatchIndex < lastIndex) {
      return false;
    }
    sent = true;
    return true;
  }
}
