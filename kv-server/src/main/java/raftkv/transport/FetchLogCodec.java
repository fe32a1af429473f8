package raftkv.transport;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import raftkv.port.LogPage;
import raftkv.port.LogQuestion;
import raftkv.proto.raft.v1.FetchLogRequest;
import raftkv.proto.raft.v1.FetchLogResponse;
import raftkv.proto.raft.v1.LogPosition;
import raftkv.raft.LogEntry;

/** A question for lost text and its answer, as messages and back. */
final class FetchLogCodec {
  private FetchLogCodec() {}

  static LogPosition position(raftkv.raft.LogPosition position) {
    return LogPosition.newBuilder().setIndex(position.index()).setTerm(position.term()).build();
  }

  /** Reads a question; the sender's identity is checked by the caller. */
  static LogQuestion question(FetchLogRequest request) {
    long index = request.getAnchor().getIndex();
    long term = request.getAnchor().getTerm();
    long from = request.getFromIndex();
    BadPeerMessage.unless(index >= 1 && term >= 1, "anchor is out of range");
    BadPeerMessage.unless(from >= 1 && from <= index, "from_index is out of range");
    return new LogQuestion(new raftkv.raft.LogPosition(index, term), from);
  }

  static FetchLogResponse write(LogQuestion question, LogPage page) {
    FetchLogResponse.Builder response = FetchLogResponse.newBuilder();
    if (page instanceof LogPage.Text some) {
      FetchLogResponse.Text.Builder text =
          FetchLogResponse.Text.newBuilder()
              .setAnchor(position(question.anchor()))
              .setNextIndex(some.nextIndex());
      for (LogEntry entry : some.entries()) {
        text.addEntries(WireBytes.wrap(entry.encoded()));
      }
      return response.setText(text).build();
    } else if (page instanceof LogPage.NoAnchor) {
      return response.setNoAnchor(FetchLogResponse.NoAnchor.getDefaultInstance()).build();
    } else if (page instanceof LogPage.Compacted) {
      return response.setCompacted(FetchLogResponse.Compacted.getDefaultInstance()).build();
    } else if (page instanceof LogPage.Unanswered unanswered) {
      return response
          .setNotReady(FetchLogResponse.NotReady.newBuilder().setDetail(unanswered.reason()))
          .build();
    }
    throw new IllegalArgumentException("no message for " + page.getClass());
  }

  /** What cannot be understood is no answer: never text that nobody vouched for. */
  static LogPage read(LogQuestion question, FetchLogResponse response) {
    try {
      return switch (response.getResultCase()) {
        case TEXT -> text(question, response.getText());
        case NO_ANCHOR -> new LogPage.NoAnchor();
        case COMPACTED -> new LogPage.Compacted();
        case NOT_READY -> new LogPage.Unanswered(response.getNotReady().getDetail());
        case RESULT_NOT_SET -> new LogPage.Unanswered("an answer of a kind not known here");
      };
    } catch (BadPeerMessage bad) {
      return new LogPage.Unanswered("bad answer: " + bad.getMessage());
    }
  }

  private static LogPage text(LogQuestion question, FetchLogResponse.Text text) {
    BadPeerMessage.unless(
        text.getAnchor().equals(position(question.anchor())), "it speaks of another anchor");
    BadPeerMessage.unless(
        text.getNextIndex() > question.fromIndex(), "the next page does not go on");
    List<LogEntry> entries = new ArrayList<>();
    long last = question.fromIndex() - 1;
    for (ByteString encoded : text.getEntriesList()) {
      LogEntry entry = MessageReader.entry(encoded);
      BadPeerMessage.unless(
          entry.index() > last && entry.index() <= question.anchor().index(),
          "entry " + entry.index() + " is out of place");
      last = entry.index();
      entries.add(entry);
    }
    return new LogPage.Text(entries, text.getNextIndex());
  }
}
