package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Against a plain list, with entries of all sizes; the random numbers are the same in each run. */
class LogEntriesTest {
  private static final int STEPS = 4_000;
  private static final int FIRST = 7;

  private final SplittableRandom random = new SplittableRandom(20);
  private final LogEntries entries = new LogEntries(FIRST, List.of());

  /** All that was ever added and not cut, from index {@link #FIRST} on. */
  private final List<LogEntry> expected = new ArrayList<>();

  private long settled = FIRST - 1;
  private long dropped = FIRST - 1;

  @Test
  void holdsWhatAPlainListHolds() {
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(8)) {
        case 0, 1, 2, 3 -> add();
        case 4 -> cut();
        case 5, 6 -> settle();
        default -> drop();
      }
      checkOne();
    }
    checkAll();
    assertThat(settled).as("much of it was packed").isGreaterThan(FIRST + STEPS / 8);
  }

  @Test
  void slicesStayAsTheyAreWhilePackingGoesOn() {
    List<LogEntry> early = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      add();
      entries.settle(entries.lastIndex());
      early.add(entries.get(entries.lastIndex()));
    }

    assertThat(early).isEqualTo(expected);
  }

  /** Between large entries, small ones must not hold room for the many that do not come. */
  @Test
  void holdsLittleMoreThanItsEntries() {
    for (int i = 0; i < 2_000; i++) {
      add(100);
    }
    for (int i = 0; i < 200; i++) {
      add(100);
      add(40_000);
    }

    holdsLittleMoreThanNeeded();
  }

  /** Room is made for as many as there were before; a large one comes, and they do not. */
  @Test
  void givesBackTheRoomThatALargeEntryLeavesEmpty() {
    for (int i = 0; i < 10; i++) {
      for (int j = 0; j < 2_500; j++) {
        add(100);
      }
      add(40_000);
    }

    holdsLittleMoreThanNeeded();
  }

  private void holdsLittleMoreThanNeeded() {
    entries.settle(entries.lastIndex());

    Set<byte[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    long needed = 0;
    for (LogEntry entry : entries.copy(FIRST, entries.lastIndex())) {
      arrays.add(entry.encoded().array());
      needed += entry.sizeBytes();
    }
    long held = arrays.stream().mapToLong(array -> array.length).sum();
    assertThat(held).isLessThan(needed + needed / 8);
    assertThat(entries.copy(FIRST, entries.lastIndex())).isEqualTo(expected);
  }

  @Test
  void whatIsSettledCannotBeCut() {
    add();
    add();
    entries.settle(FIRST);

    assertThatThrownBy(() -> entries.cutFrom(FIRST)).hasMessageContaining("never cut");
    entries.cutFrom(FIRST + 1);
    assertThat(entries.lastIndex()).isEqualTo(FIRST);
  }

  @Test
  void beginsAnewBehindAGap() {
    add();
    entries.settle(FIRST);
    entries.beginAt(100);

    assertThat(entries.lastIndex()).isEqualTo(99);
    LogEntry next = entry(100, 5, 10);
    entries.add(next);
    entries.settle(100);
    assertThat(entries.get(100)).isEqualTo(next);
  }

  private void add() {
    // Mostly small; some of the size at which one fills what it is packed with, and above.
    add(8 + (random.nextInt(50) == 0 ? random.nextInt(300_000) : random.nextInt(600)));
  }

  private void add(int size) {
    long term = 1 + expected.size() / 100L;
    LogEntry entry = entry(FIRST + expected.size(), term, size);
    expected.add(entry);
    entries.add(entry);
  }

  private LogEntry entry(long index, long term, int size) {
    byte[] encoded = new byte[size + 3];
    for (int i = 0; i < encoded.length; i++) {
      encoded[i] = (byte) (index * 31 + i);
    }
    EntryKind[] kinds = EntryKind.values();
    EntryKind kind = kinds[(int) (index % kinds.length)];
    return new LogEntry(index, term, kind, Bytes.wrap(encoded, 2, size), (int) (index % 5));
  }

  private void cut() {
    long from = settled + 1 + random.nextLong(entries.lastIndex() - settled + 1);
    entries.cutFrom(from);
    expected.subList((int) (from - FIRST), expected.size()).clear();
  }

  private void settle() {
    settled += random.nextLong(entries.lastIndex() - settled + 1);
    entries.settle(settled);
  }

  private void drop() {
    dropped += random.nextLong(settled - dropped + 1) / 2;
    entries.dropThrough(dropped);
  }

  private void checkOne() {
    assertThat(entries.lastIndex()).isEqualTo(FIRST + expected.size() - 1);
    if (entries.lastIndex() > dropped) {
      check(dropped + 1 + random.nextLong(entries.lastIndex() - dropped));
    }
  }

  private void checkAll() {
    for (long index = dropped + 1; index <= entries.lastIndex(); index++) {
      check(index);
    }
    assertThat(entries.copy(dropped + 1, entries.lastIndex()))
        .isEqualTo(expected.subList((int) (dropped + 1 - FIRST), expected.size()));
  }

  private void check(long index) {
    LogEntry wanted = expected.get((int) (index - FIRST));
    assertThat(entries.get(index)).isEqualTo(wanted);
    assertThat(entries.term(index)).isEqualTo(wanted.term());
    assertThat(entries.sizeBytes(index)).isEqualTo(wanted.sizeBytes());
  }
}
