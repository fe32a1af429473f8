package raftkv.simulation.disk;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.DiskFile;
import raftkv.raft.Xoshiro256;
import raftkv.simulation.time.Timeline;

/** The disk of one node. It outlives the node's processes; locks and open files do not. */
public final class SimDisk implements Disk {
  private static final String LOG_SUFFIX = ".wal";

  private final Timeline timeline;
  private final DiskTemper temper;
  private final RandomGenerator random;
  private final String name;
  private final TreeMap<String, SimFile> seenNames = new TreeMap<>();
  private final ArrayDeque<DiskCall> journal = new ArrayDeque<>();
  private final Names names = new Names();

  /** Given since the directory was forced last. */
  private final TreeSet<String> unforcedNames = new TreeSet<>();

  private long capacityBytes = 1L << 40;
  private boolean locked;
  private @Nullable Lied lied;

  /** Rises with each end of a process: files that were opened before are closed. */
  private int epoch;

  /** A write that was reported as done and is not where it should be. */
  private record Lied(String file, long offset) {}

  /** An empty disk. */
  public SimDisk(Timeline timeline, DiskTemper temper, RandomGenerator random, String name) {
    this.timeline = timeline;
    this.temper = temper;
    this.random = random;
    this.name = name;
  }

  /** How it behaves. */
  public DiskTemper temper() {
    return temper;
  }

  /** How much fits on it from now on. */
  public void capacity(long bytes) {
    capacityBytes = bytes;
  }

  /** So much more fits on it, and nothing else. */
  public void leaveRoom(long bytes) {
    capacityBytes = usedBytes() + bytes;
  }

  /** Whether a file whose name begins so was written and not forced since. */
  public boolean isDirty(String prefix, String suffix) {
    for (Map.Entry<String, SimFile> file : seenNames.entrySet()) {
      String fileName = file.getKey();
      if (fileName.startsWith(prefix) && fileName.endsWith(suffix) && file.getValue().isDirty()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a file got such a name, and the directory was not forced since. */
  public boolean isNameDirty(String prefix, String suffix) {
    for (String given : unforcedNames) {
      if (given.startsWith(prefix) && given.endsWith(suffix) && seenNames.containsKey(given)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the disk has lied about a write of the log that is still there, or is about to. */
  public boolean isLying() {
    Lied told = lied;
    boolean isGone =
        told != null && platterOf(told.file) == null && !seenNames.containsKey(told.file);
    if (isGone) {
      lied = null; // the segment was deleted, for good
    }
    return lied != null || temper.isGoingToLie();
  }

  /** What was written in the wrong place, or nowhere, has been noticed and is written anew. */
  public void isMended() {
    lied = null;
  }

  /**
   * Whether that cannot be noticed: no record that was forced since shows that there was something
   * where the write should be.
   */
  public boolean hasLiedUnnoticeably() {
    Lied told = isLying() ? lied : null;
    SimFile file = told == null ? null : platterOf(told.file);
    return told != null && (file == null || Decay.witnessedIn(file.platter()) <= told.offset);
  }

  // Ends.

  /** The process is killed now: what it handed to the disk stays in the page cache. */
  public void kill() {
    settleAtEnd();
    seenNames.clear();
    seenNames.putAll(names.seen());
    seenNames.values().forEach(SimFile::reread);
    endOfProcess();
  }

  /** The machine loses its power now: what was not forced is there in part. */
  public void losePower() {
    settleAtEnd();
    Loss loss = Loss.draw(random);
    names.losePower(loss, random);
    unforcedNames.clear();
    seenNames.clear();
    seenNames.putAll(names.durable());
    for (SimFile file : seenNames.values()) {
      file.losePower(loss, random);
    }
    endOfProcess();
  }

  /** The volume is replaced by an empty one, while no process runs. */
  public void wipe() {
    seenNames.clear();
    names.clear();
    journal.clear();
    lied = null;
    endOfProcess();
  }

  private void endOfProcess() {
    temper.processEnds();
    locked = false;
    epoch++;
  }

  private void settleAtEnd() {
    long end = timeline.baseNanos();
    while (!journal.isEmpty()) {
      DiskCall call = journal.remove();
      if (call.endNanos() <= end) {
        call.settle();
      } else if (call.beginNanos() < end) {
        call.settleInPart(random);
      }
    }
  }

  private void settleWhatIsOver() {
    while (!journal.isEmpty() && journal.element().endNanos() <= timeline.baseNanos()) {
      journal.remove().settle();
    }
  }

  private void record(long beginNanos, DiskCall.Effect effect) {
    settleWhatIsOver();
    journal.add(new DiskCall(beginNanos, timeline.nowNanos(), effect));
  }

  /** The bytes on the platter of a file, to be read only; null if there is none of that name. */
  @Nullable SimFile platterOf(String fileName) {
    settleWhatIsOver();
    return names.durable().get(fileName);
  }

  // Calls.

  @Override
  public List<String> list() {
    temper.call();
    return List.copyOf(seenNames.keySet());
  }

  @Override
  public boolean exists(String fileName) {
    temper.call();
    return seenNames.containsKey(fileName);
  }

  @Override
  public DiskFile create(String fileName) throws IOException {
    if (seenNames.containsKey(fileName)) {
      throw new FileAlreadyExistsException(fileName);
    }
    SimFile file = new SimFile();
    unforcedNames.add(fileName);
    change(map -> map.put(fileName, file));
    return new OpenFile(fileName, file);
  }

  @Override
  public DiskFile open(String fileName) throws IOException {
    temper.call();
    return new OpenFile(fileName, found(fileName));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    SimFile file = found(from);
    unforcedNames.add(to);
    change(
        map -> {
          map.remove(from);
          map.put(to, file);
        });
  }

  @Override
  public void delete(String fileName) throws IOException {
    found(fileName);
    change(map -> map.remove(fileName));
  }

  @Override
  public void forceDirectory() throws IOException {
    long begin = timeline.nowNanos();
    temper.force();
    unforcedNames.clear();
    record(begin, DiskCall.Effect.atEnd(names::force));
  }

  @Override
  public @Nullable Lock tryLock(String fileName) {
    if (locked) {
      return null;
    }
    if (!seenNames.containsKey(fileName)) {
      SimFile file = new SimFile();
      change(map -> map.put(fileName, file));
    }
    locked = true;
    int lockEpoch = epoch;
    return () -> locked = locked && lockEpoch != epoch;
  }

  @Override
  public long freeSpaceBytes() {
    temper.call();
    return Math.max(0, capacityBytes - usedBytes());
  }

  private long usedBytes() {
    long used = 0;
    for (SimFile file : seenNames.values()) {
      used += file.sizeBytes();
    }
    return used;
  }

  @Override
  public String describe(String fileName) {
    return name + "/" + fileName;
  }

  private void change(Names.Change change) {
    long begin = timeline.nowNanos();
    temper.call();
    change.applyTo(seenNames);
    record(begin, DiskCall.Effect.atBegin(() -> names.change(change)));
  }

  private SimFile found(String fileName) throws FileNotFoundException {
    SimFile file = seenNames.get(fileName);
    if (file == null) {
      throw new FileNotFoundException(fileName);
    }
    return file;
  }

  private final class OpenFile implements DiskFile {
    private final String fileName;
    private final SimFile file;
    private final int openedIn = epoch;
    private boolean closed;

    OpenFile(String fileName, SimFile file) {
      this.fileName = fileName;
      this.file = file;
    }

    @Override
    public void write(ByteBuffer[] buffers, long offset) throws IOException {
      checkOpen();
      long begin = timeline.nowNanos();
      byte[] bytes = joined(buffers);
      refuseIfFull(offset + bytes.length);
      temper.write(bytes.length);
      file.see(offset, bytes);
      long landing = landing(offset);
      if (landing < 0) {
        return;
      }
      record(
          begin,
          new DiskCall.Effect(
              () -> file.settleWrite(landing, bytes),
              cut -> file.settleWrite(landing, DiskCall.firstSectors(bytes, cut))));
    }

    /** Where a write really goes; -1: nowhere. */
    private long landing(long offset) {
      boolean ofLog = fileName.endsWith(LOG_SUFFIX) && offset >= SimFile.SECTOR;
      DiskTemper.Lie lie = ofLog ? temper.takeLie() : null;
      if (lie == null) {
        return offset;
      }
      lied = new Lied(fileName, offset);
      long sector = Xoshiro256.between(random, 0, offset / SimFile.SECTOR - 1);
      return lie == DiskTemper.Lie.LOSE ? -1 : sector * SimFile.SECTOR;
    }

    private void refuseIfFull(long end) throws IOException {
      if (end > file.sizeBytes() && freeSpaceBytes() < end - file.sizeBytes()) {
        temper.fail();
        throw new IOException("No space left on device");
      }
    }

    @Override
    public int read(ByteBuffer target, long offset) throws IOException {
      checkOpen();
      temper.call();
      return file.read(target, offset);
    }

    @Override
    public void force() throws IOException {
      checkOpen();
      long begin = timeline.nowNanos();
      try {
        temper.force();
      } catch (IOException failed) {
        record(begin, DiskCall.Effect.atEnd(file::settleFailedForce));
        throw failed;
      }
      file.seeForced();
      record(begin, DiskCall.Effect.atEnd(file::settleForce));
    }

    @Override
    public long sizeBytes() throws IOException {
      checkOpen();
      return file.sizeBytes();
    }

    @Override
    public void close() {
      closed = true;
    }

    private void checkOpen() throws IOException {
      if (closed || openedIn != epoch) {
        throw new IOException("file " + fileName + " is closed");
      }
    }
  }

  private static byte[] joined(ByteBuffer[] buffers) {
    int length = 0;
    for (ByteBuffer buffer : buffers) {
      length += buffer.remaining();
    }
    byte[] bytes = new byte[length];
    int at = 0;
    for (ByteBuffer buffer : buffers) {
      int count = buffer.remaining();
      buffer.get(bytes, at, count);
      at += count;
    }
    return bytes;
  }
}
