package raftkv.storage.wal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import raftkv.raft.Check;
import raftkv.raft.HardState;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.SnapshotMeta;
import raftkv.raft.Write;

/**
 * What a log may say after a crash, computed from the writes alone: the state after any write from
 * the last one promised on, or after a part of the next one's entries. Nothing less, and nothing
 * that was not written.
 */
public final class PromisedStates {
  /** What the log says. */
  public record State(HardState hardState, LogPosition base, List<LogEntry> entries) {
    static State of(RecoveredLog log) {
      return new State(log.hardState(), log.base(), log.entries());
    }

    /** The same without what a log that begins behind that base does not hold. */
    State behind(LogPosition newBase) {
      if (newBase.index() <= base.index()) {
        return this;
      }
      int dropped = (int) Math.min(newBase.index() - base.index(), entries.size());
      LogPosition last = dropped == 0 ? base : entries.get(dropped - 1).position();
      return new State(hardState, last, entries.subList(dropped, entries.size()));
    }

    /**
     * Whether both are the same log, of which the one or the other may have lost the segments that
     * a snapshot up to that index had made needless.
     */
    boolean agreesWith(State other, long compactedThrough) {
      if (base.index() < other.base.index()) {
        return other.agreesWith(this, compactedThrough);
      }
      int ahead = (int) (base.index() - other.base.index());
      boolean reaches = ahead <= other.entries.size();
      boolean compacted = ahead == 0 || base.index() <= compactedThrough;
      return reaches
          && compacted
          && hardState.equals(other.hardState)
          && base.equals(ahead == 0 ? other.base : other.entries.get(ahead - 1).position())
          && entries.equals(other.entries.subList(ahead, other.entries.size()));
    }

    @Override
    public String toString() {
      return hardState + " behind " + base + " " + entries;
    }
  }

  private static final State BLANK = new State(HardState.BLANK, LogPosition.ZERO, List.of());

  private final List<State> states = new ArrayList<>(List.of(BLANK));
  private final Map<Long, Integer> stateOfTicket = new HashMap<>();
  private int promised;
  private long compacted;
  private long coveredThrough;

  /** The write was given to the log. */
  public void appended(Write write) {
    State before = states.get(states.size() - 1);
    List<LogEntry> entries = new ArrayList<>(before.entries);
    LogPosition base = before.base;
    SnapshotMeta reset = write.reset();
    if (reset != null) {
      entries.clear();
      base = reset.lastIncluded();
    } else if (write.cutAt() > 0) {
      entries.subList((int) (write.cutAt() - 1 - base.index()), entries.size()).clear();
    }
    for (int i = 0; i < write.entries().size(); i++) {
      entries.add(write.entries().get(i));
      if (i < write.entries().size() - 1) {
        states.add(new State(write.hardState(), base, List.copyOf(entries)));
      }
    }
    states.add(new State(write.hardState(), base, List.copyOf(entries)));
    stateOfTicket.put(write.ticket(), states.size() - 1);
  }

  /** That write, and so every one before it, was reported as persisted. */
  public void promised(long ticket) {
    promised = Check.present(stateOfTicket.get(ticket), "a ticket is that of a write");
  }

  /** A snapshot covers everything up to there. */
  void compactedThrough(long index) {
    compacted = index;
  }

  /** Whether a start may find that. */
  boolean allows(State found) {
    return allowed().stream().anyMatch(state -> state.agreesWith(found, compacted));
  }

  /** Whether two starts may find these, one after the other. */
  boolean isSame(State first, State second) {
    return first.agreesWith(second, compacted);
  }

  /** Everything appended so far was reported as persisted. */
  void allPromised() {
    promised = states.size() - 1;
  }

  /** A durable snapshot covers the log up to there. */
  void snapshotCovers(long throughIndex) {
    coveredThrough = throughIndex;
  }

  /** Whether a start may find that, when what the snapshot covers may be missing. */
  boolean isAllowedBehindSnapshot(State found) {
    return found.base.index() <= coveredThrough
        ? allowed().stream().anyMatch(state -> state.behind(found.base).equals(found))
        : allowed().contains(found);
  }

  /** What a start may find. */
  public List<State> allowed() {
    return states.subList(promised, states.size());
  }

  /** What a start must find when nothing was lost. */
  State last() {
    return states.get(states.size() - 1);
  }
}
