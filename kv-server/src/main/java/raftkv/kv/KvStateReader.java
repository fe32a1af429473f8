package raftkv.kv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import raftkv.port.StateImage;
import raftkv.port.StateReader;
import raftkv.raft.Bytes;
import raftkv.raft.Roster;

/**
 * Reads what {@link StateWriter} wrote and computes the hash anew from it. Whatever it is given it
 * answers with a state or with a {@link MalformedInput}, and takes memory only for bytes that came.
 * For one thread.
 */
public final class KvStateReader implements StateReader {
  private final ItemCutter cutter = new ItemCutter(this::takeItem);
  private final HashSum sum = new HashSum();

  /** Keeps what is read; null if it is only checked. */
  private final @Nullable StateBuilder builder;

  private final @Nullable StateListener listener;
  private @Nullable StateHead head;
  private long entries;
  private long sessions;
  private Bytes lastKey = Bytes.EMPTY;
  private long lastOpened;
  private @Nullable SessionSeat seat;

  /** Marks of that session that have not come yet. */
  private int marksMissing;

  private long lastNumber;

  private KvStateReader(@Nullable StateBuilder builder, @Nullable StateListener listener) {
    this.builder = builder;
    this.listener = listener;
  }

  /** Builds the state. */
  static KvStateReader building() {
    return new KvStateReader(new StateBuilder(), null);
  }

  /** Computes the hash alone. */
  static KvStateReader checking() {
    return new KvStateReader(null, null);
  }

  /** Computes the hash alone, and tells of everything that it finds. */
  public static KvStateReader telling(StateListener listener) {
    return new KvStateReader(null, listener);
  }

  @Override
  public void take(Bytes piece) {
    cutter.take(piece);
  }

  @Override
  public StateImage finish() {
    MalformedInput.unless(cutter.isAtEnd(), "the state ends in the middle of an item");
    StateHead read = head();
    MalformedInput.unless(entries == read.entries(), "entries are missing");
    MalformedInput.unless(sessions == read.sessions(), "sessions are missing");
    MalformedInput.unless(marksMissing == 0, "marks of a session are missing");
    Roster roster = read.roster();
    sum.add(SettingsHash.of(roster, read.limits()));
    if (read.evictedThrough() > 0) {
      sum.add(Sessions.hashOfEvictedThrough(read.evictedThrough()));
    }
    KvImage.Parts parts = builder == null ? null : builder.build(read, sum);
    return new KvImage(read.index(), sum.value(), roster, read.limits(), parts);
  }

  private void takeItem(Bytes item) {
    ByteReader reader = new ByteReader(item);
    int kind = reader.oneByte();
    switch (kind) {
      case StateFormat.HEAD -> takeHead(reader);
      case StateFormat.ENTRY -> takeEntry(reader);
      case StateFormat.SESSION -> takeSession(reader);
      case StateFormat.MARK -> takeMark(reader);
      default -> throw MalformedInput.newer("kind of item", kind, StateFormat.MARK);
    }
    reader.end();
  }

  private void takeHead(ByteReader reader) {
    MalformedInput.unless(head == null, "the state has two heads");
    head = StateHead.read(reader);
  }

  private void takeEntry(ByteReader reader) {
    boolean expected = entries < head().entries() && sessions == 0;
    MalformedInput.unless(expected, "there are more entries than the head says");
    Bytes key = reader.sized();
    MalformedInput.unless(isBehind(key, lastKey), "keys do not ascend");
    KvValue value = new KvValue(ValueKind.ofCode(reader.oneByte()), reader.sized());
    KvEntry.Versions versions =
        new KvEntry.Versions(reader.eightBytes(), reader.eightBytes(), reader.eightBytes());
    boolean past = versions.modIndex() <= head().index();
    MalformedInput.unless(past, "an entry is younger than the state");
    lastKey = key;
    entries++;
    if (builder == null && listener == null) {
      // Nobody keeps it: no reason to copy it.
      sum.add(KvEntry.hash(key, value, versions));
      return;
    }
    KvEntry entry = KvEntry.of(key, value, versions);
    sum.add(entry);
    if (builder != null) {
      builder.add(entry);
    }
    if (listener != null) {
      listener.entry(entry);
    }
  }

  private static boolean isBehind(Bytes key, Bytes before) {
    return Arrays.compareUnsigned(
            key.array(),
            key.offset(),
            key.offset() + key.length(),
            before.array(),
            before.offset(),
            before.offset() + before.length())
        > 0;
  }

  private void takeSession(ByteReader reader) {
    boolean expected = sessions < head().sessions() && entries == head().entries();
    MalformedInput.unless(expected && marksMissing == 0, "a session where none is expected");
    Session session = Session.read(reader, head());
    boolean ascends = session.createIndex > lastOpened;
    MalformedInput.unless(ascends, "sessions are not in the order in which they were opened");
    lastOpened = session.createIndex;
    sessions++;
    sum.add(session.hash());
    marksMissing = reader.fourBytes();
    MalformedInput.unless(marksMissing >= 0, "a number of marks is negative");
    lastNumber = session.floor;
    seat = builder == null ? new SessionSeat(session, SessionSeat.NOWHERE) : builder.seat(session);
    if (listener != null) {
      listener.session(
          new StateListener.SessionFacts(
              session.clientId,
              session.kind,
              session.createIndex,
              session.lastUsedIndex,
              session.floor,
              session.highest));
    }
  }

  private void takeMark(ByteReader reader) {
    SessionSeat owner = seat;
    if (owner == null || marksMissing == 0) {
      throw MalformedInput.because("there are more marks than their session says");
    }
    Mark mark = Mark.read(owner, reader);
    boolean ascends = mark.seqNum > lastNumber && mark.seqNum <= owner.session.highest;
    MalformedInput.unless(ascends, "numbers of a session do not ascend from floor to highest");
    boolean within =
        mark.index >= owner.session.createIndex && mark.index <= owner.session.lastUsedIndex;
    MalformedInput.unless(within, "a mark is not of its session's life");
    lastNumber = mark.seqNum;
    marksMissing--;
    sum.add(mark.hash());
    if (builder != null) {
      builder.add(mark);
    }
    if (listener != null) {
      String what = mark.isSealed() ? "sealed" : mark.hasStoredAnswer() ? "stored" : "dropped";
      listener.mark(new StateListener.MarkFacts(mark.seqNum, mark.index, what));
    }
  }

  private StateHead head() {
    if (head == null) {
      throw MalformedInput.because("the state does not begin with its head");
    }
    return head;
  }
}
