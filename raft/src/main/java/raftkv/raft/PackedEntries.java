package raftkv.raft;

import java.util.Arrays;

/**
 * Entries that will not change any more, one behind the other in one array. What the collector of
 * the virtual machine copies and visits is objects: hundreds of thousands of old entries are a few
 * hundred arrays to it.
 */
final class PackedEntries {
  /** Arrays above half a region of the collector, which is 1 MiB in a heap of 512, cost it more. */
  private static final int CAPACITY_BYTES = 240_000;

  /** An entry of that size is an array of its own already, and fills what is packed with it. */
  private static final int LARGE_BYTES = CAPACITY_BYTES / 8;

  private static final int FIRST_BYTES = 256;
  private static final int FIRST_ENTRIES = 4;
  private static final EntryKind[] KINDS = EntryKind.values();

  private final long firstIndex;
  private int count;
  private boolean full;

  /** Grows at its end alone: what was handed out of it stays as it is. */
  private byte[] bytes;

  private int[] ends;
  private int[] bodyOffsets;
  private long[] terms;
  private byte[] kinds;

  /** Room for entries from that index on: for few at first. */
  PackedEntries(long firstIndex) {
    this(firstIndex, FIRST_BYTES, FIRST_ENTRIES);
  }

  private PackedEntries(long firstIndex, int roomBytes, int entries) {
    this.firstIndex = firstIndex;
    this.bytes = new byte[roomBytes];
    this.ends = new int[entries];
    this.bodyOffsets = new int[entries];
    this.terms = new long[entries];
    this.kinds = new byte[entries];
  }

  /** Room behind these, which are full: if many small ones filled them, for as many at once. */
  PackedEntries next() {
    boolean many = bytes.length == CAPACITY_BYTES;
    return new PackedEntries(
        lastIndex() + 1, many ? CAPACITY_BYTES : FIRST_BYTES, many ? count : FIRST_ENTRIES);
  }

  long firstIndex() {
    return firstIndex;
  }

  long lastIndex() {
    return firstIndex + count - 1;
  }

  /** Takes the next entry, unless there is no room for it. */
  boolean add(LogEntry entry) {
    int size = entry.sizeBytes();
    boolean large = size >= LARGE_BYTES;
    if (full || (count > 0 && (large || end() + size > CAPACITY_BYTES))) {
      fill();
      return false;
    }
    if (large) {
      full = true;
      bytes = entry.encoded().toByteArray();
    } else {
      makeRoom(end() + size);
      Bytes encoded = entry.encoded();
      System.arraycopy(encoded.array(), encoded.offset(), bytes, end(), size);
    }
    ends[count] = end() + size;
    bodyOffsets[count] = entry.bodyOffset();
    terms[count] = entry.term();
    kinds[count] = (byte) entry.kind().ordinal();
    count++;
    return true;
  }

  /** No more will come: room that a large entry has left empty is given back. */
  private void fill() {
    full = true;
    if (end() < Math.min(bytes.length, CAPACITY_BYTES - LARGE_BYTES)) {
      bytes = Arrays.copyOf(bytes, end());
    }
  }

  private void makeRoom(int neededBytes) {
    if (neededBytes > bytes.length) {
      int wanted = Math.max(neededBytes, 2 * bytes.length);
      bytes = Arrays.copyOf(bytes, Math.min(CAPACITY_BYTES, wanted));
    }
    if (count == ends.length) {
      int entries = 2 * count;
      ends = Arrays.copyOf(ends, entries);
      bodyOffsets = Arrays.copyOf(bodyOffsets, entries);
      terms = Arrays.copyOf(terms, entries);
      kinds = Arrays.copyOf(kinds, entries);
    }
  }

  LogEntry get(long index) {
    int place = (int) (index - firstIndex);
    Bytes encoded = Bytes.wrap(bytes, start(place), sizeBytes(index));
    return new LogEntry(index, terms[place], KINDS[kinds[place]], encoded, bodyOffsets[place]);
  }

  long term(long index) {
    return terms[(int) (index - firstIndex)];
  }

  int sizeBytes(long index) {
    int place = (int) (index - firstIndex);
    return ends[place] - start(place);
  }

  private int start(int place) {
    return place == 0 ? 0 : ends[place - 1];
  }

  private int end() {
    return start(count);
  }
}
