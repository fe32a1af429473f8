package raftkv.kv;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import raftkv.raft.Bytes;
import raftkv.raft.Roster;

/** Writes a captured state as {@link StateFormat} says, a piece at a time. For one thread. */
final class StateWriter implements Iterator<Bytes> {
  private static final int ITEM_HEAD_BYTES = Integer.BYTES + 1;
  private static final byte[] FROM_THE_START = {};

  private final KvCapture state;
  private final List<Session> sessions;
  private ByteBuffer piece = ByteBuffer.allocate(StateFormat.PIECE_BYTES);
  private Step step = Step.HEAD;

  /** The key of the next entry, while entries are written. */
  private byte[] nextKey = FROM_THE_START;

  private int nextSession;

  /** The next mark of that session; -1 before the session itself. */
  private int nextMark = -1;

  private enum Step {
    HEAD,
    ENTRIES,
    SESSIONS,
    DONE
  }

  StateWriter(KvCapture state) {
    this.state = state;
    this.sessions = state.sessions().inOrder();
  }

  @Override
  public boolean hasNext() {
    return step != Step.DONE;
  }

  @Override
  public Bytes next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    piece = ByteBuffer.allocate(StateFormat.PIECE_BYTES);
    if (step == Step.HEAD) {
      head();
      step = Step.ENTRIES;
    }
    if (step == Step.ENTRIES && state.entries().scan(nextKey, this::takesEntry)) {
      step = Step.SESSIONS;
    }
    if (step == Step.SESSIONS && takesSessions()) {
      step = Step.DONE;
    }
    return Bytes.wrap(piece.array(), 0, piece.position());
  }

  /** Begins an item if the piece has room for it; an empty one makes room for any. */
  private boolean begin(int kind, int fieldBytes) {
    int sizeBytes = ITEM_HEAD_BYTES + fieldBytes;
    if (sizeBytes > piece.remaining()) {
      if (piece.position() > 0) {
        return false;
      }
      piece = ByteBuffer.allocate(sizeBytes);
    }
    piece.putInt(1 + fieldBytes).put((byte) kind);
    return true;
  }

  private void head() {
    Bytes limits = state.limits().encode();
    Roster roster = state.roster();
    begin(StateFormat.HEAD, 1 + 5 * Long.BYTES + sized(limits) + 18 * roster.members().size() + 9);
    piece.put((byte) StateFormat.FORMAT).putLong(state.index()).putLong(state.evictedThrough());
    piece.putLong(state.entries().count()).putLong(sessions.size());
    put(limits);
    piece.putLong(roster.clusterId().high()).putLong(roster.clusterId().low());
    piece.put((byte) roster.members().size());
    for (Roster.Named member : roster.members()) {
      piece.put((byte) member.node().value());
      piece.putLong(member.incarnation().high()).putLong(member.incarnation().low());
      piece.put((byte) (member.byAdmission() ? 1 : 0));
    }
  }

  private boolean takesEntry(KvEntry entry) {
    byte[] key = entry.keyArray();
    Bytes value = entry.value().bytes();
    int fieldBytes = Integer.BYTES + key.length + 1 + sized(value) + 3 * Long.BYTES;
    if (!begin(StateFormat.ENTRY, fieldBytes)) {
      nextKey = key;
      return false;
    }
    piece.putInt(key.length).put(key).put((byte) entry.value().kind().code());
    put(value);
    piece.putLong(entry.createIndex()).putLong(entry.modIndex()).putLong(entry.version());
    return true;
  }

  /** Whether all that is left of the sessions found room. */
  private boolean takesSessions() {
    while (nextSession < sessions.size()) {
      Session session = sessions.get(nextSession);
      if (nextMark < 0 && !takesSession(session)) {
        return false;
      }
      nextMark = Math.max(0, nextMark);
      while (nextMark < session.marks.size()) {
        if (!takesMark(session.marks.at(nextMark))) {
          return false;
        }
        nextMark++;
      }
      nextSession++;
      nextMark = -1;
    }
    return true;
  }

  private boolean takesSession(Session session) {
    int fieldBytes = sized(session.clientId) + 5 * Long.BYTES + 2 + Integer.BYTES;
    if (!begin(StateFormat.SESSION, fieldBytes)) {
      return false;
    }
    put(session.clientId);
    piece.putLong(session.createIndex).putLong(session.openedAbove);
    piece.put((byte) session.kind.code()).putLong(session.lastUsedIndex);
    piece.putLong(session.floor).putLong(session.highest);
    piece.put((byte) (session.longLived ? 1 : 0)).putInt(session.marks.size());
    return true;
  }

  private boolean takesMark(Mark mark) {
    byte[] answer = mark.hasStoredAnswer() ? mark.answer() : null;
    int answerBytes = answer == null ? 0 : Integer.BYTES + answer.length;
    if (!begin(StateFormat.MARK, 4 * Long.BYTES + 1 + answerBytes)) {
      return false;
    }
    Mark.Facts facts = mark.facts();
    piece.putLong(facts.seqNum()).putLong(facts.index());
    piece.putLong(facts.fingerprintHigh()).putLong(facts.fingerprintLow());
    piece.put((byte) mark.what());
    if (answer != null) {
      piece.putInt(answer.length).put(answer);
    }
    return true;
  }

  private void put(Bytes bytes) {
    piece.putInt(bytes.length()).put(bytes.array(), bytes.offset(), bytes.length());
  }

  private static int sized(Bytes bytes) {
    return Integer.BYTES + bytes.length();
  }
}
