package raftkv.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.DiskFile;

/**
 * A directory that is only looked at: files are opened for reading alone, no lock is taken, and
 * every call that would change something fails.
 */
public final class ReadOnlyDisk implements Disk {
  private final Path directory;

  /** Looks at that directory, which need not exist. */
  public ReadOnlyDisk(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  @Override
  public List<String> list() throws IOException {
    return FileDisk.regularFiles(directory);
  }

  @Override
  public boolean exists(String name) throws IOException {
    return FileDisk.attributes(directory.resolve(name)) != null;
  }

  @Override
  public DiskFile open(String name) throws IOException {
    return new LookedAt(FileChannel.open(directory.resolve(name), StandardOpenOption.READ));
  }

  @Override
  public String describe(String name) {
    return directory.resolve(name).toString();
  }

  @Override
  public long freeSpaceBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public DiskFile create(String name) throws IOException {
    throw refused();
  }

  @Override
  public void rename(String from, String to) throws IOException {
    throw refused();
  }

  @Override
  public void delete(String name) throws IOException {
    throw refused();
  }

  @Override
  public void forceDirectory() throws IOException {
    throw refused();
  }

  @Override
  public @Nullable Lock tryLock(String name) throws IOException {
    throw refused();
  }

  private static IOException refused() {
    return new IOException("this directory is only looked at");
  }

  private record LookedAt(FileChannel channel) implements DiskFile {
    @Override
    public int read(ByteBuffer target, long offset) throws IOException {
      return ChannelFile.readFully(channel, target, offset);
    }

    @Override
    public long sizeBytes() throws IOException {
      return channel.size();
    }

    @Override
    public void write(ByteBuffer[] buffers, long offset) throws IOException {
      throw refused();
    }

    @Override
    public void force() throws IOException {
      throw refused();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
