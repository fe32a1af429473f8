package raftkv.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.kv.TestLog.bytes;
import static raftkv.kv.TestLog.simple;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import raftkv.port.StateHash;

/** The hash of docs/state-hash.md: its vectors are part of the format. */
final class StateHashTest {
  @Test
  void theVectorsOfTheDocumentHold() {
    assertThat(hash(new ItemHash(ItemHash.ENTRY))).isEqualTo("ef5954239ff1d0b0bc76ce19a42b207f");
    assertThat(hash(new ItemHash(ItemHash.OPERATION)))
        .isEqualTo("66981b73638a0402a42ba053f33d640b");
    assertThat(hash(new ItemHash(ItemHash.ENTRY).number(1)))
        .isEqualTo("94324ef20f7cea151a2fedf979eec11d");
    assertThat(hash(new ItemHash(ItemHash.ENTRY).bytes(bytes(""))))
        .isEqualTo("4c88012a8d37eb6b63212e3f6699b044");
    assertThat(hash(new ItemHash(ItemHash.ENTRY).bytes(bytes("12345678"))))
        .isEqualTo("40332dde82af2da3b98b26a4e3671172");
    assertThat(hash(new ItemHash(ItemHash.ENTRY).bytes(bytes("123456789"))))
        .isEqualTo("8cb2af1ae66c70d92fe3f28eddbe1e61");
    KvEntry entry =
        KvEntry.of(bytes("key1"), KvValue.text("value1"), new KvEntry.Versions(2, 3, 2));
    assertThat(hash(entry.computeHash())).isEqualTo("77bcc64743c53cc5e55257f4a3b66eb6");
  }

  /** One state with all kinds of items: settings, entries, sessions, answers, a seal. */
  @Test
  void theVectorOfAWholeStateHolds() {
    TestLog log = TestLog.with(KvLimits.DEFAULTS.withMaxSessions(4));
    assertThat(log.machine.hash().toString()).isEqualTo("a6eb8f214bff627df931042c4a68fd07");
    for (int i = 1; i <= 6; i++) {
      log.put(simple("client" + i, 1).withSessionStart(log.nextIndex() - 1), "key" + i);
    }
    log.cancel(simple("client6", 2).withSessionStart(6));

    assertThat(log.machine.hash().toString()).isEqualTo("4fa345c0a1a3a46dcaf5c0bcce949721");
  }

  @Test
  void nothingHasTheEmptyHash() {
    assertThat(new KvStateMachine().hash()).isEqualTo(StateHash.EMPTY);
    assertThat(new KvStateMachine().recomputeHash()).isEqualTo(StateHash.EMPTY);
  }

  /** Lengths stand in front, so that the border between two strings matters. */
  @Test
  void itemsThatLookAlikeDiffer() {
    Set<String> hashes = new HashSet<>();
    hashes.add(hash(two("ab", "c")));
    hashes.add(hash(two("a", "bc")));
    hashes.add(hash(two("", "abc")));
    hashes.add(hash(two("abc", "")));
    hashes.add(hash(two("abc\0", "")));
    hashes.add(hash(two("c", "ab")));
    hashes.add(hash(new ItemHash(ItemHash.SESSION).bytes(bytes("ab")).bytes(bytes("c"))));

    assertThat(hashes).hasSize(7);
  }

  /** Each half alone tells many small items apart, and every flipped bit. */
  @Test
  void bothHalvesTellItemsApart() {
    Set<Long> high = new HashSet<>();
    Set<Long> low = new HashSet<>();
    for (long i = 0; i < 200_000; i++) {
      ItemHash item = new ItemHash(ItemHash.ENTRY).number(i);
      high.add(item.high());
      low.add(item.low());
    }
    for (int bit = 0; bit < 64; bit++) {
      ItemHash item = new ItemHash(ItemHash.ENTRY).number(0x5555L << 40 ^ 1L << bit);
      high.add(item.high());
      low.add(item.low());
    }

    assertThat(high.size()).isEqualTo(200_064);
    assertThat(low.size()).isEqualTo(200_064);
  }

  @Test
  void sumsWrapAndSubtractionUndoesAddition() {
    HashSum sum = new HashSum();
    ItemHash[] items = new ItemHash[1_000];
    for (int i = 0; i < items.length; i++) {
      items[i] = new ItemHash(ItemHash.ANSWER).number(i);
      sum.add(items[i]);
    }
    StateHash expected = StateHash.EMPTY;
    for (ItemHash item : items) {
      expected = expected.plus(new StateHash(item.high(), item.low()));
    }
    assertThat(sum.value()).isEqualTo(expected);

    for (ItemHash item : items) {
      sum.subtract(item);
      expected = expected.minus(new StateHash(item.high(), item.low()));
      assertThat(sum.value()).isEqualTo(expected);
    }
    assertThat(sum.value()).isEqualTo(StateHash.EMPTY);
  }

  /** A flipped bit in memory, hazard 68: the incremental hash keeps what was written. */
  @Test
  void aChangedByteInMemoryShowsInTheRecomputedHash() {
    TestLog log = TestLog.with(KvLimits.DEFAULTS);
    log.put("k", "value");
    assertThat(log.machine.recomputeHash()).isEqualTo(log.machine.hash());

    log.machine.get(bytes("k")).value().bytes().array()[2] ^= 1;

    assertThat(log.machine.recomputeHash()).isNotEqualTo(log.machine.hash());
  }

  private static ItemHash two(String first, String second) {
    return new ItemHash(ItemHash.ENTRY).bytes(bytes(first)).bytes(bytes(second));
  }

  private static String hash(ItemHash item) {
    return new StateHash(item.high(), item.low()).toString();
  }
}
