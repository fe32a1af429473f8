package raftkv.raft;

import java.util.ArrayDeque;

/**
 * Writes that the log store has not confirmed yet, and what is durable once they are.
 *
 * <p>Each write in flight remembers the end of the log at its time. Cutting the log lowers that end
 * for all of them, so that a late completion of an entry that is gone cannot vouch for its
 * successor at the same index (hazard 27).
 */
final class PendingWrites {
  private static final class InFlight {
    final long ticket;
    final HardState hardState;
    long lastIndex;

    InFlight(long ticket, HardState hardState, long lastIndex) {
      this.ticket = ticket;
      this.hardState = hardState;
      this.lastIndex = lastIndex;
    }
  }

  private final ArrayDeque<InFlight> inFlight = new ArrayDeque<>();
  private long lastTicket;
  private HardState durableHardState;
  private long durableIndex;

  PendingWrites(HardState durableHardState, long durableIndex) {
    this.durableHardState = durableHardState;
    this.durableIndex = durableIndex;
  }

  /** The newest hard state that is on disk. */
  HardState durableHardState() {
    return durableHardState;
  }

  /** The log up to here is on disk, as it is now in memory. */
  long durableIndex() {
    return durableIndex;
  }

  /** Registers a write that carries this hard state and ends the log at this index. */
  long begin(HardState hardState, long lastIndex) {
    lastTicket++;
    inFlight.add(new InFlight(lastTicket, hardState, lastIndex));
    return lastTicket;
  }

  /** That write and all before it are durable. An old ticket is nothing new. */
  void persisted(long ticket) {
    Check.that(ticket <= lastTicket, "only tickets that were given come back", ticket, lastTicket);
    while (!inFlight.isEmpty() && inFlight.getFirst().ticket <= ticket) {
      InFlight done = inFlight.removeFirst();
      durableHardState = done.hardState;
      durableIndex = Math.max(durableIndex, done.lastIndex);
    }
  }

  /** Everything from that index on was cut from the log in memory. */
  void truncatedFrom(long index) {
    cap(index - 1);
    durableIndex = Math.min(durableIndex, index - 1);
  }

  /** The log was replaced by a snapshot, which is durable itself. */
  void resetTo(long lastIncludedIndex) {
    cap(lastIncludedIndex);
    durableIndex = lastIncludedIndex;
  }

  private void cap(long lastIndex) {
    for (InFlight write : inFlight) {
      write.lastIndex = Math.min(write.lastIndex, lastIndex);
    }
  }
}
