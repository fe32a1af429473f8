package raftkv.simulation.check;

import raftkv.raft.Admission;
import raftkv.raft.EntryKind;
import raftkv.raft.LogEntry;
import raftkv.raft.NodeId;
import raftkv.raft.Standing;
import raftkv.raft.Write;

/**
 * A leader names an incarnation when it is there and has caught up, and nobody says that he is
 * admitted before that is committed (safety rule 5.4).
 */
final class Admitting {
  private static final String CHECKER = "admission";

  /** What may be committed in the course of the last lap of catching up. */
  private static final long LAP = 200;

  private final Verdicts verdicts;
  private final Logs logs;
  private final Commits commits;

  Admitting(Verdicts verdicts, Logs logs, Commits commits) {
    this.verdicts = verdicts;
    this.logs = logs;
    this.commits = commits;
  }

  void appended(NodeId node, Write write) {
    for (LogEntry entry : write.entries()) {
      if (entry.kind() == EntryKind.ADMIT && entry.term() == write.hardState().term()) {
        check(node, entry, Admission.decode(entry.body()));
      }
    }
  }

  private void check(NodeId writer, LogEntry entry, Admission admission) {
    boolean proposes = logs.textOf(entry) == null;
    long reach = logs.of(admission.node()).durable.reach();
    if (proposes && reach + LAP < commits.highest()) {
      throw verdicts.violated(
          CHECKER,
          writer
              + " admits "
              + admission.node()
              + ", which has the log up to "
              + reach
              + ", committed is "
              + commits.highest());
    }
  }

  void said(NodeId node, Standing said) {
    if (said.admitted() && !logs.of(node).names.isAdmitted(node, said, commits.highest())) {
      throw verdicts.violated(CHECKER, "node " + node + " says that it is admitted: " + said);
    }
  }
}
