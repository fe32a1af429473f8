package raftkv.simulation.check;

import java.util.Arrays;
import raftkv.raft.Envelope;
import raftkv.raft.RaftMessage;

/**
 * A leader that hears from no majority stops leading (thesis §6.2). Election timeouts are at most
 * 300 ms here; a pause in the middle of a turn may make it speak once more, but not for several
 * turns.
 */
final class Deposition {
  private static final String CHECKER = "liveness";
  private static final long SILENCE_NANOS = 1_000_000_000L;
  private static final long LONGER_NANOS = 300_000_000L;
  private static final int TIMES = 12;

  private final Verdicts verdicts;
  private final Logs logs;
  private final long[] terms;
  private final long[][] contacts;

  /** Since when, and how often, it has spoken although it has heard from no majority. */
  private final long[] sinceNanos;

  private final int[] times;

  Deposition(Verdicts verdicts, Logs logs) {
    this.verdicts = verdicts;
    this.logs = logs;
    int nodes = logs.nodeCount() + 1;
    this.terms = new long[nodes];
    this.contacts = new long[nodes][nodes];
    this.sinceNanos = new long[nodes];
    this.times = new int[nodes];
  }

  void delivered(Envelope envelope, long nowNanos) {
    int to = envelope.to().value();
    if (envelope.message() instanceof RaftMessage.AppendEntriesReply
        && terms[to] == envelope.term()) {
      contacts[to][envelope.from().value()] = nowNanos;
    }
  }

  void sent(Envelope envelope, long nowNanos) {
    if (!(envelope.message() instanceof RaftMessage.AppendEntries)) {
      return;
    }
    int leader = envelope.from().value();
    if (terms[leader] != envelope.term()) {
      terms[leader] = envelope.term();
      Arrays.fill(contacts[leader], nowNanos);
      times[leader] = 0;
    }
    if (nowNanos - majorityContact(leader, nowNanos) < SILENCE_NANOS) {
      times[leader] = 0;
      return;
    }
    sinceNanos[leader] = times[leader] == 0 ? nowNanos : sinceNanos[leader];
    times[leader]++;
    if (times[leader] > TIMES && nowNanos - sinceNanos[leader] > LONGER_NANOS) {
      throw verdicts.violated(
          CHECKER, envelope + ": no majority has answered for a second, and it leads on");
    }
  }

  private long majorityContact(int leader, long nowNanos) {
    long[] sorted = Arrays.copyOfRange(contacts[leader], 1, contacts[leader].length);
    sorted[leader - 1] = nowNanos;
    Arrays.sort(sorted);
    return sorted[sorted.length - (logs.nodeCount() / 2 + 1)];
  }
}
