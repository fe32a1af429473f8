package raftkv.raft;

import java.util.ArrayList;
import java.util.List;

/** Writes down what happens in a script, one line for each event, unless it is told to be quiet. */
final class ScriptTrace implements TestCluster.Trace {
  private final List<String> lines = new ArrayList<>();
  private boolean quiet;

  void quiet(boolean isQuiet) {
    quiet = isQuiet;
  }

  void line(String text) {
    if (!quiet) {
      lines.add(text);
    }
  }

  /** Takes all lines since the last call. */
  List<String> take() {
    List<String> taken = List.copyOf(lines);
    lines.clear();
    return taken;
  }

  @Override
  public void ready(TestNode node, Ready ready) {
    String name = node.label() + "@" + node.core().term();
    for (Notice notice : ready.notices()) {
      line(name + " " + NoticeNotation.text(notice));
    }
    SnapshotMeta restore = ready.restore();
    if (restore != null) {
      line(name + " restores its state from a snapshot at " + restore.lastIncluded());
    }
    for (LogEntry entry : ready.committed()) {
      line(name + " applies " + Notation.entry(entry));
    }
    for (ReadOutcome outcome : ready.reads()) {
      line(name + " " + read(outcome));
    }
    for (SnapshotTransfer transfer : ready.transfers()) {
      line(name + " sends a snapshot to " + transfer.to());
    }
    Write write = ready.write();
    if (write != null && node.isDiskSlow()) {
      line(name + " " + Notation.write(write));
    }
    for (Envelope envelope : ready.messages()) {
      line(Notation.message(envelope));
    }
  }

  private static String read(ReadOutcome outcome) {
    if (outcome instanceof ReadOutcome.Confirmed confirmed) {
      return "read " + confirmed.readId() + " confirmed at " + confirmed.readIndex();
    }
    return "read " + outcome.readId() + " abandoned";
  }

  @Override
  public void lost(Envelope envelope) {
    line("  lost: " + envelope.from() + " → " + envelope.to() + " is cut");
  }
}
