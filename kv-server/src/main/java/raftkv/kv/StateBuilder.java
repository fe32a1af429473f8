package raftkv.kv;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Collects what is read of a state and puts it together: the tree by bulk load, the rings and the
 * budget of answers in the order of their indexes. For one thread.
 */
final class StateBuilder {
  private final List<KvEntry> entries = new ArrayList<>();
  private final SessionTable table = new SessionTable();
  private final List<SessionSeat> seats = new ArrayList<>();
  private final List<Mark> stored = new ArrayList<>();

  /** The next entry; keys ascend. */
  void add(KvEntry entry) {
    entries.add(entry);
  }

  /** Gives the session a seat in the table. */
  SessionSeat seat(Session session) {
    SessionSeat seat = new SessionSeat(session, table.add(session));
    seats.add(seat);
    return seat;
  }

  /** The next mark of its session; numbers ascend. */
  void add(Mark mark) {
    mark.seat.session.marks.add(mark);
    if (mark.hasStoredAnswer()) {
      stored.add(mark);
    }
  }

  /** Everything read, ready for a machine. */
  KvImage.Parts build(StateHead head, HashSum sum) {
    seats.sort(Comparator.comparingLong(seat -> seat.session.lastUsedIndex));
    stored.sort(Comparator.comparingLong(mark -> mark.index));
    for (int i = 1; i < seats.size(); i++) {
      boolean apart = used(i) > used(i - 1);
      MalformedInput.unless(apart, "two sessions were used by the same entry");
    }
    for (int i = 1; i < stored.size(); i++) {
      boolean apart = stored.get(i).index > stored.get(i - 1).index;
      MalformedInput.unless(apart, "two answers are of the same entry");
    }
    Sessions sessions = new Sessions(sum, table, head.evictedThrough());
    sessions.limit(head.limits());
    for (SessionSeat seat : seats) {
      MalformedInput.unless(sessions.admit(seat), "a client has two sessions");
    }
    stored.forEach(sessions::admitAnswer);
    return new KvImage.Parts(KvStore.bulkLoad(entries), sessions, sum);
  }

  private long used(int seat) {
    return seats.get(seat).session.lastUsedIndex;
  }
}
