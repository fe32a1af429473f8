package raftkv.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.DiskFile;

/**
 * A disk on which one kind of call does nothing, as if the code had been written without it: {@code
 * force} or {@code zero} with the beginning and, after an asterisk, the end of a file's name;
 * {@code force directory}; or {@code name} with such a file name, the force of the directory that
 * follows when a file is renamed so. Zeroing is a write of zeros into a segment that has its name.
 */
public final class ForgetfulDisk implements Disk {
  private final Disk disk;
  private final String forgotten;

  /** The last change of names is one whose force is forgotten. */
  private boolean namedJustNow;

  public ForgetfulDisk(Disk disk, String forgotten) {
    this.disk = disk;
    this.forgotten = forgotten;
  }

  private boolean forgets(String verb, String name) {
    if (!forgotten.startsWith(verb + " ")) {
      return false;
    }
    String pattern = forgotten.substring(verb.length() + 1);
    int star = pattern.indexOf('*');
    return star < 0
        ? name.equals(pattern)
        : name.startsWith(pattern.substring(0, star)) && name.endsWith(pattern.substring(star + 1));
  }

  @Override
  public List<String> list() throws IOException {
    return disk.list();
  }

  @Override
  public boolean exists(String name) throws IOException {
    return disk.exists(name);
  }

  @Override
  public DiskFile create(String name) throws IOException {
    return new Forgetful(name, disk.create(name));
  }

  @Override
  public DiskFile open(String name) throws IOException {
    return new Forgetful(name, disk.open(name));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    disk.rename(from, to);
    namedJustNow = forgets("name", to);
  }

  @Override
  public void delete(String name) throws IOException {
    disk.delete(name);
    namedJustNow = false;
  }

  @Override
  public void forceDirectory() throws IOException {
    if (!namedJustNow && !forgets("force", "directory")) {
      disk.forceDirectory();
    }
    namedJustNow = false;
  }

  @Override
  public @Nullable Lock tryLock(String name) throws IOException {
    return disk.tryLock(name);
  }

  @Override
  public long freeSpaceBytes() throws IOException {
    return disk.freeSpaceBytes();
  }

  @Override
  public String describe(String name) {
    return disk.describe(name);
  }

  private final class Forgetful implements DiskFile {
    private final String name;
    private final DiskFile file;

    Forgetful(String name, DiskFile file) {
      this.name = name;
      this.file = file;
    }

    @Override
    public void write(ByteBuffer[] buffers, long offset) throws IOException {
      if (!forgets("zero", name) || !isZero(buffers)) {
        file.write(buffers, offset);
      }
    }

    private static boolean isZero(ByteBuffer[] buffers) {
      for (ByteBuffer buffer : buffers) {
        for (int at = buffer.position(); at < buffer.limit(); at++) {
          if (buffer.get(at) != 0) {
            return false;
          }
        }
      }
      return true;
    }

    @Override
    public int read(ByteBuffer target, long offset) throws IOException {
      return file.read(target, offset);
    }

    @Override
    public void force() throws IOException {
      if (!forgets("force", name)) {
        file.force();
      }
    }

    @Override
    public long sizeBytes() throws IOException {
      return file.sizeBytes();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
