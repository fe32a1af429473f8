package raftkv.storage.wal;

import static raftkv.storage.wal.WalFixture.cut;
import static raftkv.storage.wal.WalFixture.entries;
import static raftkv.storage.wal.WalFixture.reset;
import static raftkv.storage.wal.WalFixture.term;
import static raftkv.storage.wal.WalFixture.vote;
import static raftkv.storage.wal.WalFixture.write;

import java.util.List;
import raftkv.port.Disk;
import raftkv.raft.LogPosition;
import raftkv.raft.Write;

/**
 * The life of a small log, for the tests that cut it short or damage it: creation, batches of one
 * and of several writes, a vote among entries, idle markers, cuts, a roll by size, a write over two
 * segments, a reset, an orderly end.
 */
final class WalScript {
  private static final long IDLE = WalFixture.SMALL.idleNanos();

  /** Whether a snapshot arrives in the end. */
  enum Life {
    WITHOUT_RESET,
    WITH_RESET
  }

  final PromisedStates states = new PromisedStates();
  private final Life life;
  private long ticket;

  WalScript(Life life) {
    this.life = life;
  }

  /** All of it on that disk; ends early when the disk throws. */
  void run(Disk disk) {
    WalFixture node = new WalFixture(disk);
    node.run();
    writes(node);
    node.close();
  }

  /** All but the orderly end and the last marker. */
  void runWithoutEnd(Disk disk) {
    WalFixture node = new WalFixture(disk);
    node.run();
    writes(node);
  }

  /** What came first on a disk that was recovered: one write, promised. */
  void appendOne(WalFixture node) {
    PromisedStates.State now = PromisedStates.State.of(node.recovered);
    long last = now.base().index() + now.entries().size();
    append(node, write(1, vote(50, 3), entries(last + 1, 1, 50, 600), last));
  }

  private void writes(WalFixture node) {
    append(node, write(++ticket, vote(1, 1), List.of(), 0));
    append(
        node,
        write(++ticket, vote(1, 1), entries(1, 3, 1, 100), 0),
        write(++ticket, vote(1, 1), entries(4, 2, 1, 700), 2),
        write(++ticket, term(2), List.of(), 3));
    node.pass(IDLE);
    append(
        node,
        write(++ticket, vote(2, 3), entries(6, 1, 1, 10), 3),
        cut(++ticket, term(3), 5, entries(5, 2, 3, 300), 4));
    append(node, write(++ticket, vote(3, 2), List.of(), 4));
    append(node, write(++ticket, vote(3, 2), entries(7, 5, 3, 1500), 4));
    append(node, cut(++ticket, term(4), 11, List.of(), 8));
    node.pass(IDLE);
    append(node, write(++ticket, term(5), entries(11, 6, 5, 1000), 10));
    if (life == Life.WITH_RESET) {
      snapshotArrives(node);
    }
  }

  private void snapshotArrives(WalFixture node) {
    append(
        node,
        reset(++ticket, term(5), new LogPosition(30, 5), List.of(), 30),
        write(++ticket, vote(6, 1), entries(31, 2, 6, 200), 31));
  }

  /** Queues the writes together, runs, and notes what is promised. */
  private void append(WalFixture node, Write... writes) {
    for (Write write : writes) {
      states.appended(write);
      node.wal.append(write);
    }
    node.run();
    long last = writes[writes.length - 1].ticket();
    if (!node.persisted.isEmpty() && node.persisted.get(node.persisted.size() - 1) == last) {
      states.allPromised();
    }
  }
}
