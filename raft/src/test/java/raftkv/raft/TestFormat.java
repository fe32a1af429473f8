package raftkv.raft;

import java.nio.charset.StandardCharsets;

/** Entries whose encoded form is their body alone, and whose bodies are words. */
final class TestFormat implements EntryFormat {
  @Override
  public LogEntry encode(LogPosition position, EntryKind kind, Bytes body) {
    return new LogEntry(position.index(), position.term(), kind, Bytes.wrap(body.toByteArray()), 0);
  }

  static Bytes bytes(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(Bytes bytes) {
    return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
  }

  static LogEntry command(long index, long term, String text) {
    return new TestFormat().encode(new LogPosition(index, term), EntryKind.COMMAND, bytes(text));
  }
}
