package raftkv.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import raftkv.raft.Bytes;

/** The B+tree against a plain map, under random operations and captures. */
final class KvStoreTest {
  private final TreeMap<byte[], KvEntry> model = new TreeMap<>(Arrays::compareUnsigned);
  private final KvStore store = new KvStore();
  private long index;

  /** Few keys collide often, many keys give a tree of several levels. */
  @ParameterizedTest
  @ValueSource(ints = {20, 3_000, 30_000})
  void behavesLikeASortedMapUnderRandomOperations(int keys) {
    Random random = new Random(keys);

    for (int step = 0; step < 60_000; step++) {
      // Long phases of growth and of shrinking, so that merges reach every level.
      boolean shrinking = step / 20_000 % 2 == 1;
      byte[] key = randomKey(random, keys);
      if (random.nextInt(10) < (shrinking ? 8 : 2)) {
        same(store.remove(key), model.remove(key));
      } else {
        put(key);
      }
      if (step % 10_000 == 9_999) {
        checkAll(store.current(), model);
        TreeShape.check(store.root());
        assertThat(store.heapBytes())
            .isEqualTo(model.values().stream().mapToLong(KvEntry::heapBytes).sum());
      }
    }
  }

  @Test
  void capturesStayAsTheyWereWhileTheTreeChanges() {
    Random random = new Random(5);
    List<KvView> views = new ArrayList<>();
    List<TreeMap<byte[], KvEntry>> models = new ArrayList<>();

    for (int step = 0; step < 40_000; step++) {
      byte[] key = randomKey(random, 4_000);
      if (random.nextInt(3) == 0) {
        store.remove(key);
        model.remove(key);
      } else {
        put(key);
      }
      if (step % 1_500 == 0) {
        views.add(store.capture());
        models.add(new TreeMap<>(model));
      }
    }

    for (int i = 0; i < views.size(); i++) {
      checkAll(views.get(i), models.get(i));
    }
    TreeShape.check(store.root());
  }

  /** Reads a captured view on another thread while this one changes the tree. */
  @Test
  void aCapturedViewIsReadableByAnotherThreadWhileTheTreeChanges() throws InterruptedException {
    Random random = new Random(6);
    for (int i = 0; i < 20_000; i++) {
      put(randomKey(random, 10_000));
    }
    TreeMap<byte[], KvEntry> then = new TreeMap<>(model);
    KvView view = store.capture();
    AtomicReference<Throwable> failed = new AtomicReference<>();
    Thread reader = new Thread(() -> checkAll(view, then));
    reader.setUncaughtExceptionHandler((thread, failure) -> failed.set(failure));

    reader.start();
    for (int i = 0; i < 60_000; i++) {
      byte[] key = randomKey(random, 10_000);
      if (random.nextBoolean()) {
        store.remove(key);
        model.remove(key);
      } else {
        put(key);
      }
    }
    reader.join();

    assertThat(failed.get()).isNull();
  }

  @Test
  void nothingIsCopiedWithoutACapture() {
    for (int i = 0; i < 1_000; i++) {
      put(key(i));
    }
    Node root = store.root();

    for (int i = 0; i < 1_000; i++) {
      put(key(i));
    }
    assertThat(store.root()).isSameAs(root);

    store.capture();
    assertThat(store.remove(key(100_000))).isNull();
    assertThat(store.root()).isSameAs(root);
    put(key(0));
    assertThat(store.root()).isNotSameAs(root);
    assertThat(((Inner) store.root()).children[5]).isSameAs(((Inner) root).children[5]);
  }

  @Test
  void ascendingKeysLeaveWellFilledNodes() {
    for (int i = 0; i < 48_000; i++) {
      put(key(i));
    }

    TreeShape shape = TreeShape.check(store.root());
    assertThat(shape.leaves).isLessThanOrEqualTo(1_001);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 56, 57, 64, 65, 3_136, 3_137, 60_000})
  void bulkLoadGivesTheSameEntries(int size) {
    for (int i = 0; i < size; i++) {
      model.put(key(i), entry(key(i)));
    }

    KvStore loaded = KvStore.bulkLoad(new ArrayList<>(model.values()));

    assertThat(loaded.count()).isEqualTo(size);
    TreeShape.check(loaded.root());
    List<KvEntry> scanned = new ArrayList<>();
    loaded.current().scan(scanned::add);
    assertThat(scanned).containsExactlyElementsOf(model.values());
  }

  @Test
  void keysAreInUnsignedByteOrder() {
    put(new byte[] {(byte) 0xF0});
    put(new byte[] {0x7F});
    put(new byte[] {(byte) 0x80});
    put(new byte[] {0x7F, 0});

    List<KvEntry> scanned = new ArrayList<>();
    store.current().scan(scanned::add);

    assertThat(scanned)
        .extracting(found -> found.key().at(0) & 0xFF)
        .containsExactly(0x7F, 0x7F, 0x80, 0xF0);
  }

  @Test
  void countsByPrefixIncludingTheEndOfTheByteRange() {
    put(new byte[] {(byte) 0xFF});
    put(new byte[] {(byte) 0xFF, (byte) 0xFF});
    put(new byte[] {(byte) 0xFF, (byte) 0xFF, 1});
    put(new byte[] {1, (byte) 0xFF});
    put(new byte[] {2});

    KvView view = store.current();

    assertThat(view.count(Bytes.wrap(new byte[] {(byte) 0xFF, (byte) 0xFF}))).isEqualTo(2);
    assertThat(view.count(Bytes.wrap(new byte[] {(byte) 0xFF}))).isEqualTo(3);
    assertThat(view.count(Bytes.wrap(new byte[] {1, (byte) 0xFF}))).isEqualTo(1);
    assertThat(view.count(Bytes.wrap(new byte[] {1}))).isEqualTo(1);
    assertThat(view.count(Bytes.EMPTY)).isEqualTo(5);
    assertThat(view.count(Bytes.wrap(new byte[] {3}))).isZero();
  }

  private void put(byte[] key) {
    KvEntry entry = entry(key);
    same(store.put(entry), model.put(key, entry));
  }

  private KvEntry entry(byte[] key) {
    index++;
    return KvEntry.of(
        Bytes.wrap(key), KvValue.text("v" + index), new KvEntry.Versions(index, index, 1));
  }

  /** Equal length, ascending with the number. */
  private static byte[] key(int number) {
    return String.format("%08d", number).getBytes(UTF_8);
  }

  /** Lengths and bytes differ, signs as well. */
  private static byte[] randomKey(Random random, int keys) {
    Random chosen = new Random(random.nextInt(keys) * 31L);
    byte[] key = new byte[1 + chosen.nextInt(12)];
    chosen.nextBytes(key);
    return key;
  }

  private static void checkAll(KvView view, TreeMap<byte[], KvEntry> expected) {
    List<KvEntry> scanned = new ArrayList<>();
    view.scan(scanned::add);
    assertThat(scanned).isEqualTo(new ArrayList<>(expected.values()));
    assertThat(view.count()).isEqualTo(expected.size());
    for (int first = 0; first < 256; first += 25) {
      byte[] prefix = {(byte) first};
      long counted =
          expected.keySet().stream().filter(key -> key.length > 0 && key[0] == prefix[0]).count();
      assertThat(view.count(Bytes.wrap(prefix))).isEqualTo(counted);
    }
    for (KvEntry entry : expected.values()) {
      same(view.get(entry.key()), entry);
    }
  }

  /**
   * Called hundreds of thousands of times: no assertion library. The very same, not an equal one.
   */
  @SuppressWarnings("ReferenceEquality")
  private static void same(@Nullable KvEntry actual, @Nullable KvEntry expected) {
    if (actual != expected) {
      throw new AssertionError("expected " + expected + " but was " + actual);
    }
  }
}
