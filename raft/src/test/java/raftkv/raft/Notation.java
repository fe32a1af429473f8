package raftkv.raft;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How messages, entries and notices are written down: node@term, index@term, arrows. */
final class Notation {
  private Notation() {}

  static String entry(LogEntry entry) {
    String what = entry.kind().name().toLowerCase(Locale.ROOT);
    if (entry.kind() == EntryKind.COMMAND) {
      what = TestFormat.text(entry.body());
    } else if (entry.kind() == EntryKind.ADMIT) {
      what += " " + Admission.decode(entry.body()).node();
    }
    return entry.position() + " " + what;
  }

  static String entries(List<LogEntry> entries) {
    if (entries.size() <= 4) {
      return entries.stream().map(Notation::entry).collect(Collectors.joining(", ", "[", "]"));
    }
    LogEntry last = entries.get(entries.size() - 1);
    return "[" + entry(entries.get(0)) + " .. " + entry(last) + "]";
  }

  static String message(Envelope envelope) {
    Words words = new Words();
    envelope.message().deliver(words, envelope.from(), envelope.term());
    return envelope.from() + "@" + envelope.term() + " → " + envelope.to() + " " + words.text;
  }

  static String write(Write write) {
    StringBuilder text = new StringBuilder("write ").append(write.ticket());
    HardState hard = write.hardState();
    text.append(": term ").append(hard.term()).append(", vote ").append(orNone(hard.votedFor()));
    SnapshotMeta reset = write.reset();
    if (hard.admitted()) {
      text.append(", admitted");
    }
    if (reset != null) {
      text.append(", reset to ").append(reset.lastIncluded());
    }
    if (write.cutAt() > 0) {
      text.append(", cut at ").append(write.cutAt());
    }
    if (!write.entries().isEmpty()) {
      text.append(", ").append(entries(write.entries()));
    }
    return text.toString();
  }

  static String orNone(@Nullable Object value) {
    return value == null ? "none" : value.toString();
  }

  static String list(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  /** The upper bits of a question's number are the run's, and random. */
  private static long number(long question) {
    return question & 0xf_ffff;
  }

  /** The words for each kind of message. */
  private static final class Words implements RaftMessage.Handler {
    private String text = "";

    @Override
    public void onPreVote(NodeId from, long term, RaftMessage.PreVote message) {
      text = "PreVote for term " + message.prospectiveTerm() + ", last " + message.last();
    }

    @Override
    public void onPreVoteReply(NodeId from, long term, RaftMessage.PreVoteReply message) {
      text =
          "pre-vote "
              + (message.granted() ? "granted" : "refused")
              + " for term "
              + message.prospectiveTerm()
              + (message.leader() == null ? "" : ", follows " + message.leader());
    }

    @Override
    public void onRequestVote(NodeId from, long term, RaftMessage.RequestVote message) {
      text = "RequestVote, last " + message.last() + (message.transfer() ? ", transfer" : "");
    }

    @Override
    public void onRequestVoteReply(NodeId from, long term, RaftMessage.RequestVoteReply message) {
      text = message.granted() ? "vote granted" : "vote refused";
    }

    @Override
    public void onAppendEntries(NodeId from, long term, RaftMessage.AppendEntries message) {
      text =
          "Append "
              + (message.entries().isEmpty() ? "" : entries(message.entries()) + " ")
              + "behind "
              + message.prev()
              + ", commit "
              + message.leaderCommit()
              + ", round "
              + message.round()
              + (message.answerMayWait() || message.entries().isEmpty() ? "" : ", answer now");
    }

    @Override
    public void onAppendEntriesReply(
        NodeId from, long term, RaftMessage.AppendEntriesReply message) {
      RaftMessage.Rejection rejection = message.rejection();
      text =
          "matched "
              + message.matchIndex()
              + ", round "
              + message.round()
              + (rejection == null
                  ? ""
                  : ", refused behind "
                      + rejection.prevIndex()
                      + ", conflict "
                      + rejection.conflict())
              + (message.abilities().mayLead() ? "" : ", may not lead");
    }

    @Override
    public void onTimeoutNow(NodeId from, long term, RaftMessage.TimeoutNow message) {
      text = "TimeoutNow, last " + message.lastIndex();
    }

    @Override
    public void onReadIndex(NodeId from, long term, RaftMessage.ReadIndex message) {
      text = "ReadIndex? question " + number(message.question());
    }

    @Override
    public void onReadIndexReply(NodeId from, long term, RaftMessage.ReadIndexReply message) {
      text =
          message.readIndex() == 0
              ? "no read index, question " + number(message.question())
              : "ReadIndex " + message.readIndex() + ", question " + number(message.question());
    }
  }
}
