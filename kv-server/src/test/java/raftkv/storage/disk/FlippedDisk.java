package raftkv.storage.disk;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.DiskFile;

/**
 * Files in memory, with one bit that is read otherwise than it was written. Nothing is copied, so
 * that large files can be flipped in many places; to be read under an {@link OverlayDisk}.
 */
public final class FlippedDisk implements Disk {
  private final SortedMap<String, byte[]> files;
  private final String flippedName;
  private final int flippedAt;
  private final int mask;

  /**
   * Over those files, which are shared.
   *
   * @param mask the bits of that byte which are flipped; 0 for none
   */
  public FlippedDisk(SortedMap<String, byte[]> files, String name, int at, int mask) {
    this.files = files;
    this.flippedName = name;
    this.flippedAt = at;
    this.mask = mask;
  }

  @Override
  public List<String> list() {
    return List.copyOf(files.keySet());
  }

  @Override
  public boolean exists(String name) {
    return files.containsKey(name);
  }

  @Override
  public DiskFile open(String name) throws IOException {
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw new FileNotFoundException(name);
    }
    return new Flipped(bytes, name.equals(flippedName) ? flippedAt : -1);
  }

  @Override
  public DiskFile create(String name) {
    throw readOnly();
  }

  @Override
  public void rename(String from, String to) {
    throw readOnly();
  }

  @Override
  public void delete(String name) {
    throw readOnly();
  }

  @Override
  public void forceDirectory() {
    throw readOnly();
  }

  @Override
  public @Nullable Lock tryLock(String name) {
    throw readOnly();
  }

  @Override
  public long freeSpaceBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public String describe(String name) {
    return "disk/" + name;
  }

  private static UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException("these files are only read");
  }

  private final class Flipped implements DiskFile {
    private final byte[] bytes;
    private final int at;

    Flipped(byte[] bytes, int at) {
      this.bytes = bytes;
      this.at = at;
    }

    @Override
    public int read(ByteBuffer target, long offset) {
      int from = (int) Math.min(offset, bytes.length);
      int count = Math.min(target.remaining(), bytes.length - from);
      int place = target.position() + at - from;
      boolean holdsIt = at >= from && at < from + count;
      target.put(bytes, from, count);
      if (holdsIt) {
        target.put(place, (byte) (target.get(place) ^ mask));
      }
      return count;
    }

    @Override
    public void write(ByteBuffer[] buffers, long offset) {
      throw readOnly();
    }

    @Override
    public void force() {
      throw readOnly();
    }

    @Override
    public long sizeBytes() {
      return bytes.length;
    }

    @Override
    public void close() {
      // nothing is open
    }
  }
}
