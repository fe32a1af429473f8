package raftkv.kv;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Random;
import raftkv.raft.Bytes;

/**
 * Measures the store for ADR 0010, by hand: bytes an entry, put, get, scan, count, capture. Times
 * are of this thread's processor time, so that a busy machine matters less. After {@code mvn -pl
 * kv-server -am test-compile}:
 *
 * <pre>
 *   java -Xms1500m -Xmx1500m -XX:+UseG1GC \
 *     -cp kv-server/target/test-classes:kv-server/target/classes:raft/target/classes \
 *     raftkv.kv.StoreMeasurement 1000000
 * </pre>
 */
final class StoreMeasurement {
  private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();
  private static final int KEY_BYTES = 16;
  private static final int VALUE_BYTES = 64;

  private final int entries;
  private final byte[][] keys;
  private final Random random = new Random(1);
  private KvStore store = new KvStore();
  private long index;

  private StoreMeasurement(int entries) {
    this.entries = entries;
    this.keys = new byte[entries][];
    for (int i = 0; i < entries; i++) {
      keys[i] = new byte[KEY_BYTES];
      random.nextBytes(keys[i]);
    }
  }

  /** The argument is the number of entries. */
  public static void main(String[] arguments) {
    int entries = Integer.parseInt(arguments[0]);
    warmUp();
    new StoreMeasurement(entries).run();
  }

  private static void warmUp() {
    for (int round = 0; round < 5; round++) {
      StoreMeasurement small = new StoreMeasurement(30_000);
      small.putAll(30_000);
      small.getAll();
      small.scan();
      small.countPrefixes();
    }
  }

  private void run() {
    time("insert", entries, () -> putAll(entries));
    time("overwrite", entries, () -> putAll(entries));
    time("get", entries, this::getAll);
    time("scan", entries, this::scan);
    time("count by prefix", 100_000, this::countPrefixes);
    time("capture", 100_000, this::captures);
    store.capture();
    time("overwrite after a capture", entries / 10, () -> putAll(entries / 10));
    KvView view = store.capture();
    System.out.println("  entries: " + view.count());
    printBytesPerEntry();
  }

  /**
   * What is freed with a freshly filled store; the key arrays, 32 bytes each, stay and are added.
   */
  private void printBytesPerEntry() {
    store = new KvStore();
    putAll(entries);
    long filled = usedBytes();
    store = new KvStore();
    long perEntry = (filled - usedBytes()) / entries + KEY_BYTES + 16;
    System.out.println("  bytes an entry: " + perEntry);
  }

  private void putAll(int number) {
    for (int i = 0; i < number; i++) {
      index++;
      byte[] key = keys[i];
      KvEntry current = store.get(key);
      KvValue value = KvValue.bytes(new byte[VALUE_BYTES]);
      store.put(
          current == null
              ? KvEntry.of(Bytes.wrap(key), value, new KvEntry.Versions(index, index, 1))
              : current.changed(value, index));
    }
  }

  private void getAll() {
    for (byte[] key : keys) {
      if (store.get(key) == null) {
        throw new AssertionError("an entry is missing");
      }
    }
  }

  private void scan() {
    long[] found = new long[1];
    store.current().scan(entry -> found[0]++ >= 0);
    if (found[0] != entries) {
      throw new AssertionError("an entry is missing");
    }
  }

  private void countPrefixes() {
    long counted = 0;
    for (int i = 0; i < 100_000; i++) {
      counted += store.current().count(Bytes.wrap(new byte[] {(byte) i}));
    }
    if (counted == 0) {
      throw new AssertionError("nothing was counted");
    }
  }

  private void captures() {
    for (int i = 0; i < 100_000; i++) {
      store.capture();
    }
  }

  private static void time(String what, long times, Runnable work) {
    long start = THREAD.getCurrentThreadCpuTime();
    work.run();
    long nanos = THREAD.getCurrentThreadCpuTime() - start;
    System.out.println("  " + what + ": " + nanos / times + " ns");
  }

  private static long usedBytes() {
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
