package raftkv.cli;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import raftkv.client.AsyncKv;
import raftkv.client.KvException;
import raftkv.client.PutResult;
import raftkv.client.WriteOptions;
import raftkv.client.session.Outcome;
import raftkv.client.session.RequestId;
import raftkv.client.session.SessionWindow;

/**
 * Stores the entries of a file in one windowed session, many at a time, entry n under number n: an
 * entry that was stored before is answered as a duplicate. Entries of one key are stored in the
 * order of the file.
 *
 * <p>A number that the session has forgotten lies at or below its floor, and its entry is stored:
 * only requests of this session raise the floor (safety rule 4.2), each to the {@code ack_seq} that
 * a load had when it sent it, and a load counts a number as acknowledged when it was told that the
 * entry is stored, never when it has given one up. All loads under one client id have the same
 * file, so each number means the same entry to them. The floor may rise while a load is under way:
 * copies that an interrupted one left in a follower, or on their way, may carry a higher {@code
 * ack_seq} than those that had arrived when the first entry was answered.
 *
 * <p>Shared by the thread that reads the file and the client's loop, which brings answers: hence
 * synchronized.
 */
final class Load {
  /** Bytes under way, so that a small heap is enough. */
  private static final long MAX_BYTES = 8 << 20;

  private final AsyncKv kv;
  private final LoadIdentity identity;
  private final Progress progress;
  private final Set<String> keysUnderWay = new HashSet<>();
  private final int width;
  private final long entries;
  private SessionWindow window;
  private long bytesUnderWay;
  private int underWay;
  private long stored;
  private long duplicates;

  /** All entries up to there were stored by an earlier try. */
  private long floor;

  private @Nullable Stop stop;

  /** No matter of one entry: nothing can go on. */
  private @Nullable RuntimeException broken;

  /**
   * What a load stopped at.
   *
   * @param line of the file
   */
  record Stop(long line, String key, KvException failure) {}

  /**
   * How far it came.
   *
   * @param stored by this load
   * @param before by an earlier one under the same identity
   * @param stop null if nothing is missing
   */
  record Result(long stored, long before, @Nullable Stop stop) {}

  /**
   * A load that has sent nothing.
   *
   * @param width of the session's window
   * @param entries of the whole file
   */
  Load(AsyncKv kv, LoadIdentity identity, int width, long entries, Progress progress) {
    this.kv = kv;
    this.identity = identity;
    this.width = width;
    this.entries = entries;
    this.progress = progress;
    this.window = resumedAt(0);
  }

  private SessionWindow resumedAt(long floor) {
    Long start = identity.sessionStart();
    return SessionWindow.resumed(identity.clientId(), start == null ? 0 : start, width, floor);
  }

  /**
   * Stores all, or stops at the first entry that is not stored.
   *
   * @throws UsageMistake if another file was loaded under this identity
   */
  Result run(LoadFile.Lines lines) throws IOException, InterruptedException {
    for (long number = 1; number <= entries; number++) {
      LoadEntry entry = nextOf(lines);
      if (entry == null) {
        break;
      }
      if (number <= floor()) {
        continue;
      }
      if (!waitForRoom(entry)) {
        break;
      }
      send(entry, lines.number());
      if (number == 1) {
        // Only the first answer tells whether, and how far, an earlier try has come.
        waitForAll();
      }
      progress.show(done(), System.nanoTime());
    }
    waitForAll();
    progress.end(done(), System.nanoTime());
    return result();
  }

  /**
   * Null at the end, and for a line that is bad, which none was when the file was checked: it was
   * changed, as its digest will say.
   */
  private static @Nullable LoadEntry nextOf(LoadFile.Lines lines) throws IOException {
    try {
      return lines.next();
    } catch (UsageMistake changed) {
      return null;
    }
  }

  private synchronized long floor() {
    return floor;
  }

  private synchronized long done() {
    return stored + duplicates + floor;
  }

  private synchronized Result result() {
    if (broken != null) {
      throw broken;
    }
    return new Result(stored, duplicates + floor, stop);
  }

  private synchronized boolean waitForRoom(LoadEntry entry) throws InterruptedException {
    while (!isOver()
        && (!window.hasRoom()
            || keysUnderWay.contains(entry.key())
            || (underWay > 0 && bytesUnderWay + entry.bytes() > MAX_BYTES))) {
      wait();
    }
    return !isOver();
  }

  private synchronized boolean isOver() {
    return stop != null || broken != null;
  }

  private synchronized void waitForAll() throws InterruptedException {
    while (underWay > 0) {
      wait();
      progress.show(done(), System.nanoTime());
    }
  }

  private void send(LoadEntry entry, long line) {
    RequestId id;
    WriteOptions options;
    synchronized (this) {
      id = window.open();
      keysUnderWay.add(entry.key());
      bytesUnderWay += entry.bytes();
      underWay++;
      options = WriteOptions.DEFAULT.withWindowedId(id, identity.sessionStart(), window.ackSeq());
    }
    var unused =
        kv.put(entry.key(), entry.value(), options)
            .whenComplete((result, failure) -> ended(entry, line, id, result, failure));
  }

  private synchronized void ended(
      LoadEntry entry,
      long line,
      RequestId id,
      @Nullable PutResult result,
      @Nullable Throwable failure) {
    underWay--;
    bytesUnderWay -= entry.bytes();
    keysUnderWay.remove(entry.key());
    notifyAll();
    if (result != null) {
      window.settle(id.seqNum());
      count(result.by().deduplicated());
    } else if (failure instanceof KvException why) {
      failed(entry, line, id, why);
    } else {
      // Thrown here, it would be lost in the future.
      broken = new IllegalStateException("no way for a request to end", failure);
    }
  }

  private void failed(LoadEntry entry, long line, RequestId id, KvException why) {
    long forgotten = floorIn(why);
    if (forgotten > entries) {
      broken =
          new UsageMistake(
              forgotten
                  + " entries were stored under "
                  + identity.clientId()
                  + ", more than this file has: it was another one");
    } else if (id.seqNum() == 1 && forgotten > 0) {
      floor = forgotten;
      window = resumedAt(forgotten);
      progress.startAt(forgotten);
    } else if (why.outcome() == Outcome.APPLIED || forgotten >= id.seqNum()) {
      window.settle(id.seqNum());
      count(true);
    } else {
      // The number stays open for ever: were it given up, the floor could rise over it, and the
      // next try would take the entry for stored.
      stop = stop == null || line < stop.line() ? new Stop(line, entry.key(), why) : stop;
    }
  }

  private void count(boolean duplicate) {
    if (duplicate) {
      duplicates++;
    } else {
      stored++;
    }
  }

  /** The floor of a session that has forgotten this number; 0 for any other failure. */
  private static long floorIn(KvException why) {
    String floor = why.details().getOrDefault("floor", "");
    boolean forgotten = why.reason().equals("SEQ_NUM_TOO_OLD") && floor.matches("\\d{1,18}");
    return forgotten ? Long.parseLong(floor) : 0;
  }
}
