package raftkv.storage.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;

/**
 * An operating system's lock on a file. It ends with the process, so a stale lock file locks nobody
 * out; the file itself is never deleted, since a process could then lock the deleted one while
 * another creates and locks its successor (hazard 82).
 */
final class HeldLock implements Disk.Lock {
  /**
   * Files locked by this process. On POSIX, closing any descriptor of a file drops the process's
   * lock on it, so a second attempt from within must not even open it. Shared by all threads.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;

  private HeldLock(Path file, FileChannel channel, FileLock lock) {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
  }

  static @Nullable HeldLock tryTake(Path name) throws IOException {
    Path file = realPath(name);
    if (!HELD.add(file)) {
      return null;
    }
    HeldLock taken = null;
    try {
      taken = lock(file);
    } finally {
      if (taken == null) {
        HELD.remove(file);
      }
    }
    return taken;
  }

  /** The same file may be reached by several paths; the lock is on the file. */
  private static Path realPath(Path name) throws IOException {
    Path directory = name.toAbsolutePath().getParent();
    Path plain = name.getFileName();
    return directory == null || plain == null ? name : directory.toRealPath().resolve(plain);
  }

  private static @Nullable HeldLock lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    HeldLock taken = null;
    try {
      FileLock lock = channel.tryLock();
      taken = lock == null ? null : new HeldLock(file, channel, lock);
    } finally {
      if (taken == null) {
        channel.close();
      }
    }
    return taken;
  }

  @Override
  public void release() throws IOException {
    try (channel) {
      lock.release();
    } finally {
      HELD.remove(file);
    }
  }
}
