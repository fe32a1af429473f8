package raftkv.simulation.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import raftkv.raft.Xoshiro256;
import raftkv.storage.disk.DataDirectory;

/**
 * Flips bits of what lies on the platter, only where a later record shows that it was forced: what
 * no record witnesses looks like a torn tail, which no algorithm can tell from one (decisions §6).
 * Knows of the log's format no more than where a record says what was forced before it.
 */
public final class Decay {
  private static final String SUFFIX = ".wal";
  private static final int RECORD_MAGIC = 0x524b5642;
  private static final int KNOWN_FORCED_OFFSET = 44;
  private static final int HEADER_BYTES = 128;

  private final SimDisk disk;
  private final RandomGenerator random;

  /** Where bits were flipped: in the segment of that place in the list, from 0. */
  public record Place(int segment, int offset) {}

  /** Decay of that disk, on which no process runs. */
  public Decay(SimDisk disk, RandomGenerator random) {
    this.disk = disk;
    this.random = random;
  }

  /** Flips up to so many bits, near to each other; nothing if there is no witness of anything. */
  public List<Place> flip(int bits) {
    List<String> segments = new ArrayList<>();
    for (String name : disk.list()) {
      if (name.startsWith(DataDirectory.SEGMENT_PREFIX) && name.endsWith(SUFFIX)) {
        segments.add(name);
      }
    }
    List<Place> flipped = new ArrayList<>();
    int chosen = segments.isEmpty() ? 0 : draw(segments.size());
    SimFile file = segments.isEmpty() ? null : disk.platterOf(segments.get(chosen));
    int witnessed = file == null ? 0 : witnessedIn(file.platter());
    int near = file == null || witnessed == 0 ? 0 : somewhere(file.platter(), witnessed);
    for (int i = 0; i < bits && file != null && witnessed > 0; i++) {
      int offset = Math.min(witnessed - 1, near + draw(64));
      file.damage(offset, 1 << draw(8));
      flipped.add(new Place(chosen, offset));
    }
    return flipped;
  }

  /** Rather where something is written: most of a log is padding. */
  private int somewhere(ByteBuffer platter, int bound) {
    int place = draw(bound);
    for (int i = 0; i < 64 && platter.get(place) == 0; i++) {
      place = draw(bound);
    }
    return place;
  }

  /** Everything in front of that offset was forced, as the last record says that tells of it. */
  static int witnessedIn(ByteBuffer platter) {
    int witnessed = 0;
    for (int at = 0; at + HEADER_BYTES <= platter.capacity(); at += SimFile.SECTOR) {
      if (platter.getInt(at) == RECORD_MAGIC) {
        witnessed = Math.max(witnessed, platter.getInt(at + KNOWN_FORCED_OFFSET));
      }
    }
    return Math.min(witnessed, platter.capacity());
  }

  private int draw(int bound) {
    return (int) Xoshiro256.between(random, 0, bound - 1L);
  }
}
