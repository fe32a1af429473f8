package raftkv.storage.disk;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.DiskFile;

/**
 * A disk in memory that can crash: what was not forced survives as a {@link Survival} says, sector
 * by sector and name by name. Keeps a readable trace of every call that changes something, and asks
 * a {@link Guard} before every call, which may throw an error or a {@link PowerCut}.
 *
 * <p>After a force that failed what it was for is still read, but a later force does not write it:
 * as with Linux, whose page cache takes it for written.
 *
 * <p>One thread at a time. Deterministic: it holds no clock and no randomness.
 */
public final class MemoryDisk implements Disk {
  /** Asked before each call, reads included; whatever it throws comes out of the call. */
  @FunctionalInterface
  public interface Guard {
    void before(String call) throws IOException;

    /** Switches the machine off in front of the first call that begins so. */
    static Guard cutPowerBefore(String callBegin) {
      return call -> {
        if (call.startsWith(callBegin)) {
          throw new PowerCut(call);
        }
      };
    }

    /** Fails every call that begins so. */
    static Guard fail(String callBegin, String message) {
      return call -> {
        if (call.startsWith(callBegin)) {
          throw new IOException(message);
        }
      };
    }
  }

  /** The machine is off: nothing after this reaches the disk. */
  public static final class PowerCut extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PowerCut(String call) {
      super("power cut before " + call);
    }
  }

  /** A change of names that is not forced: one name goes, one comes, or both at once. */
  private record NameChange(
      @Nullable String gone, @Nullable String come, @Nullable MemoryFile file) {
    void applyTo(SortedMap<String, MemoryFile> names) {
      if (gone != null) {
        names.remove(gone);
      }
      if (come != null && file != null) {
        names.put(come, file);
      }
    }
  }

  private final SortedMap<String, MemoryFile> names;
  private final SortedMap<String, MemoryFile> durableNames;
  private final List<NameChange> unforcedChanges = new ArrayList<>();
  private final List<String> trace = new ArrayList<>();
  private final List<String> locked = new ArrayList<>();
  private Guard guard = call -> {};
  private boolean off;
  private long writes;
  private long freeSpaceBytes = 1L << 40;

  /** An empty disk. */
  public MemoryDisk() {
    this(new TreeMap<>());
  }

  private MemoryDisk(SortedMap<String, MemoryFile> durable) {
    names = new TreeMap<>(durable);
    durableNames = durable;
  }

  /** The disk as it is found after a power cut. This one takes no more calls. */
  public MemoryDisk crash(Survival survival) {
    off = true;
    return remains(survival);
  }

  /** The disk as it would be found after a power cut now; this one goes on. */
  public MemoryDisk remains(Survival survival) {
    SortedMap<String, MemoryFile> left = new TreeMap<>(durableNames);
    long surviving = survival.nameChangeBits(unforcedChanges.size());
    for (int i = 0; i < unforcedChanges.size(); i++) {
      if ((surviving >>> i & 1) == 1) {
        unforcedChanges.get(i).applyTo(left);
      }
    }
    left.replaceAll((name, file) -> file.afterCrash(survival, writes));
    return new MemoryDisk(left);
  }

  /** The disk as the next process finds it when this one is killed: what is unforced stays so. */
  public MemoryDisk afterKill() {
    IdentityHashMap<MemoryFile, MemoryFile> copies = new IdentityHashMap<>();
    SortedMap<String, MemoryFile> durable = new TreeMap<>();
    durableNames.forEach(
        (name, file) -> durable.put(name, copies.computeIfAbsent(file, MemoryFile::copy)));
    MemoryDisk next = new MemoryDisk(durable);
    next.writes = writes;
    for (NameChange change : unforcedChanges) {
      MemoryFile file =
          change.file == null ? null : copies.computeIfAbsent(change.file, MemoryFile::copy);
      next.change(new NameChange(change.gone, change.come, file));
    }
    return next;
  }

  /** A sector of a write that was not forced, and whose loss would show. */
  public record LooseSector(int fromLast, int sector) {}

  /** In the order of writing. */
  public List<LooseSector> looseSectors() {
    Set<MemoryFile> files = Collections.newSetFromMap(new IdentityHashMap<>());
    files.addAll(names.values());
    files.addAll(durableNames.values());
    List<LooseSector> loose = new ArrayList<>();
    files.forEach(file -> loose.addAll(file.looseSectors(writes)));
    loose.sort(
        Comparator.comparingInt(LooseSector::fromLast)
            .reversed()
            .thenComparingInt(LooseSector::sector));
    return loose;
  }

  /** How many changes of names are not forced. */
  public int looseNameChanges() {
    return unforcedChanges.size();
  }

  /** Every changing call so far, such as {@code write log 512+512} (offset and length). */
  public List<String> trace() {
    return List.copyOf(trace);
  }

  /** Puts a line of the test's own into the trace, so that it shows what came before what. */
  public void note(String line) {
    trace.add(line);
  }

  /** From now on that guard is asked before each call. */
  public void guard(Guard newGuard) {
    guard = newGuard;
  }

  /** What {@link #freeSpaceBytes()} says from now on. */
  public void freeSpace(long bytes) {
    freeSpaceBytes = bytes;
  }

  /** What counts as written goes from the page cache, whether it is on the platter or not. */
  public void evict() {
    names.values().forEach(MemoryFile::evict);
  }

  /** A file's bytes as a reader sees them. */
  public byte[] contents(String name) {
    return existing(name).contents();
  }

  /** Replaces a file's bytes on the platter by that array, which is handed over. */
  public void damage(String name, byte[] contents) {
    names.computeIfAbsent(name, missing -> new MemoryFile()).damage(contents);
    durableNames.put(name, existing(name));
  }

  /** How many bytes the last unforced write has, 0 if everything is forced. */
  public int lastUnforcedBytes() {
    return names.values().stream()
        .flatMap(file -> file.unforced().stream())
        .filter(write -> write.sequence() == writes)
        .mapToInt(write -> write.bytes().length())
        .sum();
  }

  @Override
  public List<String> list() throws IOException {
    ask("list");
    return List.copyOf(names.keySet());
  }

  @Override
  public boolean exists(String name) throws IOException {
    ask("exists " + name);
    return names.containsKey(name);
  }

  @Override
  public DiskFile create(String name) throws IOException {
    ask("create " + name);
    if (names.containsKey(name)) {
      throw new FileAlreadyExistsException(name);
    }
    trace.add("create " + name);
    MemoryFile file = new MemoryFile();
    change(new NameChange(null, name, file));
    return new OpenFile(name, file);
  }

  @Override
  public DiskFile open(String name) throws IOException {
    ask("open " + name);
    return new OpenFile(name, found(name));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    ask("rename " + from + " " + to);
    MemoryFile file = found(from);
    trace.add("rename " + from + " " + to);
    change(new NameChange(from, to, file));
  }

  @Override
  public void delete(String name) throws IOException {
    ask("delete " + name);
    found(name);
    trace.add("delete " + name);
    change(new NameChange(name, null, null));
  }

  @Override
  public void forceDirectory() throws IOException {
    ask("force directory");
    trace.add("force directory");
    unforcedChanges.forEach(change -> change.applyTo(durableNames));
    unforcedChanges.clear();
  }

  @Override
  public @Nullable Lock tryLock(String name) throws IOException {
    ask("lock " + name);
    if (locked.contains(name)) {
      return null;
    }
    trace.add("lock " + name);
    if (!names.containsKey(name)) {
      MemoryFile file = new MemoryFile();
      change(new NameChange(null, name, file));
    }
    locked.add(name);
    return () -> {
      ask("unlock " + name);
      trace.add("unlock " + name);
      locked.remove(name);
    };
  }

  @Override
  public long freeSpaceBytes() throws IOException {
    ask("free space");
    return freeSpaceBytes;
  }

  @Override
  public String describe(String name) {
    return "disk/" + name;
  }

  private void ask(String call) throws IOException {
    if (off) {
      throw new PowerCut(call);
    }
    guard.before(call);
  }

  private void change(NameChange change) {
    change.applyTo(names);
    unforcedChanges.add(change);
  }

  private MemoryFile found(String name) throws FileNotFoundException {
    MemoryFile file = names.get(name);
    if (file == null) {
      throw new FileNotFoundException(name);
    }
    return file;
  }

  private MemoryFile existing(String name) {
    MemoryFile file = names.get(name);
    if (file == null) {
      throw new IllegalArgumentException("no file " + name);
    }
    return file;
  }

  private final class OpenFile implements DiskFile {
    private final String name;
    private final MemoryFile file;
    private boolean closed;

    OpenFile(String name, MemoryFile file) {
      this.name = name;
      this.file = file;
    }

    @Override
    public void write(ByteBuffer[] buffers, long offset) throws IOException {
      int length = 0;
      for (ByteBuffer buffer : buffers) {
        length += buffer.remaining();
      }
      String call = "write " + name + " " + offset + "+" + length;
      askOpen(call);
      ByteBuffer all = ByteBuffer.allocate(length);
      for (ByteBuffer buffer : buffers) {
        all.put(buffer);
      }
      trace.add(call);
      file.write(++writes, offset, all.array());
    }

    @Override
    public int read(ByteBuffer target, long offset) throws IOException {
      askOpen("read " + name + " " + offset + "+" + target.remaining());
      return file.read(target, offset);
    }

    @Override
    public void force() throws IOException {
      try {
        askOpen("force " + name);
      } catch (IOException failed) {
        file.failForce();
        throw failed;
      }
      trace.add("force " + name);
      file.force();
    }

    @Override
    public long sizeBytes() throws IOException {
      askOpen("size " + name);
      return file.sizeBytes();
    }

    @Override
    public void close() {
      closed = true;
    }

    private void askOpen(String call) throws IOException {
      if (closed) {
        throw new IOException("file " + name + " is closed");
      }
      ask(call);
    }
  }
}
