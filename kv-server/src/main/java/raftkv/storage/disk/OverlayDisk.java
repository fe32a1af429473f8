package raftkv.storage.disk;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.DiskFile;

/**
 * Changes in memory over a disk that is only read: the code of a start can run over a directory,
 * and nothing comes of it. For one thread; a changed file is in memory as a whole.
 */
public final class OverlayDisk implements Disk {
  private final Disk below;

  /** Files that were created or written to. */
  private final Map<String, Content> changed = new TreeMap<>();

  /** Files below that have another name here. */
  private final Map<String, String> renamed = new TreeMap<>();

  /** Names below that mean nothing here. */
  private final Set<String> hidden = new TreeSet<>();

  /** Over that disk, which is never changed and may refuse it. */
  public OverlayDisk(Disk below) {
    this.below = below;
  }

  @Override
  public List<String> list() throws IOException {
    TreeSet<String> names = new TreeSet<>(below.list());
    names.removeAll(hidden);
    names.addAll(renamed.keySet());
    names.addAll(changed.keySet());
    return List.copyOf(names);
  }

  @Override
  public boolean exists(String name) throws IOException {
    return changed.containsKey(name)
        || renamed.containsKey(name)
        || (!hidden.contains(name) && below.exists(name));
  }

  @Override
  public DiskFile create(String name) throws IOException {
    if (exists(name)) {
      throw new FileAlreadyExistsException(name);
    }
    Content content = new Content();
    changed.put(name, content);
    return new OverlayFile(name, null, content);
  }

  @Override
  public DiskFile open(String name) throws IOException {
    Content content = changed.get(name);
    if (content != null) {
      return new OverlayFile(name, null, content);
    }
    String original = renamed.get(name);
    if (original == null && hidden.contains(name)) {
      throw new FileNotFoundException(name);
    }
    return new OverlayFile(name, below.open(original == null ? name : original), null);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Content content = changed.get(from);
    String original = renamed.getOrDefault(from, from);
    delete(from);
    changed.remove(to);
    renamed.remove(to);
    hidden.add(to);
    if (content == null) {
      renamed.put(to, original);
    } else {
      changed.put(to, content);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    if (!exists(name)) {
      throw new FileNotFoundException(name);
    }
    changed.remove(name);
    renamed.remove(name);
    hidden.add(name);
  }

  @Override
  public void forceDirectory() {
    // Nothing here is meant to last.
  }

  @Override
  public @Nullable Lock tryLock(String name) {
    return () -> {};
  }

  @Override
  public long freeSpaceBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public String describe(String name) {
    return below.describe(name);
  }

  private static final class Content {
    private byte[] bytes = {};

    static Content of(DiskFile file) throws IOException {
      Content content = new Content();
      ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(file.sizeBytes()));
      content.bytes = Arrays.copyOf(all.array(), file.read(all, 0));
      return content;
    }

    void write(ByteBuffer source, long offset) {
      int from = Math.toIntExact(offset);
      int end = from + source.remaining();
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, end);
      }
      source.get(bytes, from, end - from);
    }

    int read(ByteBuffer target, long offset) {
      int count = (int) Math.max(0, Math.min(target.remaining(), bytes.length - offset));
      if (count > 0) {
        target.put(bytes, (int) offset, count);
      }
      return count;
    }
  }

  private final class OverlayFile implements DiskFile {
    private final String name;

    /** What is read until the first write. */
    private final @Nullable DiskFile original;

    private @Nullable Content content;

    OverlayFile(String name, @Nullable DiskFile original, @Nullable Content content) {
      this.name = name;
      this.original = original;
      this.content = content;
    }

    @Override
    public void write(ByteBuffer[] buffers, long offset) throws IOException {
      long at = offset;
      Content mine = own();
      for (ByteBuffer buffer : buffers) {
        int length = buffer.remaining();
        mine.write(buffer, at);
        at += length;
      }
    }

    @Override
    public int read(ByteBuffer target, long offset) throws IOException {
      DiskFile file = original;
      return content != null || file == null
          ? own().read(target, offset)
          : file.read(target, offset);
    }

    @Override
    public void force() {
      // Nothing here is meant to last.
    }

    @Override
    public long sizeBytes() throws IOException {
      DiskFile file = original;
      return content != null || file == null ? own().bytes.length : file.sizeBytes();
    }

    @Override
    public void close() throws IOException {
      if (original != null) {
        original.close();
      }
    }

    private Content own() throws IOException {
      Content mine = content;
      if (mine == null) {
        mine = original == null ? new Content() : Content.of(original);
        content = mine;
        changed.put(name, mine);
      }
      return mine;
    }
  }
}
