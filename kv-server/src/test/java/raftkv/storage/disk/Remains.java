package raftkv.storage.disk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import raftkv.raft.Check;
import raftkv.storage.disk.MemoryDisk.LooseSector;

/**
 * Every way in which a power cut may leave a {@link MemoryDisk} now, as POSIX allows it: each
 * unforced sector old or new, each unforced change of names there or not, in any combination. Above
 * the bound the combinations are these:
 *
 * <pre>
 *   sectors   up to {@code allSubsetsUpTo}: all subsets
 *             more: earlier writes each whole or not at all (all subsets of up to 4 of them), times
 *             the last write's prefixes, suffixes, single sectors, and all but one sector
 *   names     up to 5 changes: all subsets; more: all prefixes, and all but one
 * </pre>
 *
 * <p>Sectors whose loss would not show are no choice: no two of the survivals are the same disk.
 */
public final class Remains {
  private static final int MAX_NAMES = 5;
  private static final int MAX_EARLIER_WRITES = 4;

  private final List<LooseSector> loose;
  private final Map<LooseSector, Integer> places = new HashMap<>();
  private final int names;
  private final int allSubsetsUpTo;

  private Remains(MemoryDisk disk, int allSubsetsUpTo) {
    this.loose = disk.looseSectors();
    this.names = disk.looseNameChanges();
    this.allSubsetsUpTo = allSubsetsUpTo;
    Check.that(loose.size() < Long.SIZE, "a choice of sectors fits into one number");
    for (int i = 0; i < loose.size(); i++) {
      places.put(loose.get(i), i);
    }
  }

  /** All of them, the one with nothing unforced first and the one with everything last. */
  public static List<Survival> of(MemoryDisk disk, int allSubsetsUpTo) {
    Remains remains = new Remains(disk, allSubsetsUpTo);
    List<Survival> survivals = new ArrayList<>();
    for (long nameBits : remains.nameChoices()) {
      for (long sectorBits : remains.sectorChoices()) {
        survivals.add(remains.new Chosen(nameBits, sectorBits));
      }
    }
    return survivals;
  }

  private List<Long> nameChoices() {
    return names <= MAX_NAMES ? subsets(names) : cuts(names);
  }

  private List<Long> sectorChoices() {
    if (loose.size() <= allSubsetsUpTo) {
      return subsets(loose.size());
    }
    TreeMap<Integer, Long> writes = new TreeMap<>((a, b) -> b - a);
    for (int i = 0; i < loose.size(); i++) {
      writes.merge(loose.get(i).fromLast(), 1L << i, (a, b) -> a | b);
    }
    List<Long> earlier = new ArrayList<>(writes.values());
    long last = earlier.remove(earlier.size() - 1);
    List<Long> choices = new ArrayList<>();
    for (long chosen : wholes(earlier)) {
      for (long cut : cuts(Long.bitCount(last))) {
        choices.add(chosen | cut << Long.numberOfTrailingZeros(last));
      }
    }
    return choices;
  }

  private static List<Long> wholes(List<Long> writes) {
    List<Long> choices =
        writes.size() <= MAX_EARLIER_WRITES ? subsets(writes.size()) : cuts(writes.size());
    return choices.stream().map(choice -> union(writes, choice)).toList();
  }

  private static long union(List<Long> writes, long choice) {
    long bits = 0;
    for (int i = 0; i < writes.size(); i++) {
      bits |= (choice >>> i & 1) == 1 ? writes.get(i) : 0;
    }
    return bits;
  }

  private static List<Long> subsets(int count) {
    List<Long> subsets = new ArrayList<>();
    for (long bits = 0; bits < 1L << count; bits++) {
      subsets.add(bits);
    }
    return subsets;
  }

  /** Prefixes, suffixes, each alone, each alone missing. */
  private static List<Long> cuts(int count) {
    long all = (1L << count) - 1;
    TreeSet<Long> cuts = new TreeSet<>();
    for (int i = 0; i <= count; i++) {
      long prefix = (1L << i) - 1;
      cuts.add(prefix);
      cuts.add(all & ~prefix);
      if (i < count) {
        cuts.add(1L << i);
        cuts.add(all & ~(1L << i));
      }
    }
    return List.copyOf(cuts);
  }

  private final class Chosen implements Survival {
    private final long nameBits;
    private final long sectorBits;

    Chosen(long nameBits, long sectorBits) {
      this.nameBits = nameBits;
      this.sectorBits = sectorBits;
    }

    @Override
    public int nameChanges(int pending) {
      throw new UnsupportedOperationException("a subset has no count");
    }

    @Override
    public long nameChangeBits(int pending) {
      return nameBits;
    }

    @Override
    public int survivingBytes(int fromLast, int sector, int length) {
      Integer place = places.get(new LooseSector(fromLast, sector));
      return place == null || (sectorBits >>> place & 1) == 1 ? length : 0;
    }

    @Override
    public String toString() {
      return "names "
          + Long.toBinaryString(nameBits)
          + ", sectors of "
          + loose
          + ": "
          + Long.toBinaryString(sectorBits);
    }
  }
}
