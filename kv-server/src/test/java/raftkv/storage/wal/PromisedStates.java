package raftkv.storage.wal;

import java.util.ArrayList;
import java.util.List;
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
final class PromisedStates {
  /** What the log says. */
  record State(HardState hardState, LogPosition base, List<LogEntry> entries) {
    static State of(RecoveredLog log) {
      return new State(log.hardState(), log.base(), log.entries());
    }

    @Override
    public String toString() {
      return hardState + " behind " + base + " " + entries;
    }
  }

  private static final State BLANK = new State(HardState.BLANK, LogPosition.ZERO, List.of());

  private final List<State> states = new ArrayList<>(List.of(BLANK));
  private int promised;

  /** The write was given to the log. */
  void appended(Write write) {
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
  }

  /** Everything appended so far was reported as persisted. */
  void allPromised() {
    promised = states.size() - 1;
  }

  /** What a start may find. */
  List<State> allowed() {
    return states.subList(promised, states.size());
  }

  /** What a start must find when nothing was lost. */
  State last() {
    return states.get(states.size() - 1);
  }
}
