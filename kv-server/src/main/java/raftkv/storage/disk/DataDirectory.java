package raftkv.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.DiskFile;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.raft.ClusterId;
import raftkv.raft.NodeId;

/**
 * A data directory that this process alone holds, and that belongs to this node. First the lock is
 * taken, then the identity is read; nothing else may be opened or written there before, the node's
 * own log file included.
 *
 * <p>The identity names the cluster from the moment on at which the node knows it. A directory with
 * a log but without an intact identity is refused: only a person can say whose it is.
 */
public final class DataDirectory implements AutoCloseable {
  /** What the names of the log's files begin with. */
  public static final String SEGMENT_PREFIX = "segment-";

  /** What the names of snapshots begin with. */
  public static final String SNAPSHOT_PREFIX = "snapshot-";

  /** What the names of files end with that are not finished; such a file counts for nothing. */
  public static final String UNFINISHED_SUFFIX = ".tmp";

  private static final String LOCK = "lock";
  private static final String IDENTITY = "identity";

  private final Disk disk;
  private final Disk.Lock lock;

  /** Changed by the file worker when the cluster becomes known, read by the disk worker. */
  private volatile Identity identity;

  private DataDirectory(Disk disk, Disk.Lock lock, Identity identity) {
    this.disk = disk;
    this.lock = lock;
    this.identity = identity;
  }

  /**
   * Locks the directory and makes sure that it is this node's; gives a blank one to it.
   *
   * @param warnings takes a line that an operator should see
   * @throws StorageFailure in one sentence: {@link ExitCode#IDENTITY} if another process holds the
   *     directory or another node owns it, {@link ExitCode#NEWER_FORMAT}, or {@link
   *     ExitCode#UNAVAILABLE} if it cannot be read or written
   */
  public static DataDirectory open(Disk disk, NodeId node, Consumer<String> warnings) {
    Disk.Lock lock = lock(disk);
    boolean opened = false;
    try {
      DataDirectory directory = new DataDirectory(disk, lock, identify(disk, node, warnings));
      opened = true;
      return directory;
    } catch (IOException e) {
      throw unusable(disk, IDENTITY, e);
    } finally {
      if (!opened) {
        release(disk, lock);
      }
    }
  }

  /**
   * Whose directory that is, as its identity says; changes nothing and takes no lock.
   *
   * @return null if there is no identity file
   * @throws StorageFailure with {@link ExitCode#NEWER_FORMAT}, or with {@link ExitCode#IDENTITY} if
   *     the file is damaged
   */
  public static @Nullable Owner ownerOf(Disk disk) throws IOException {
    if (!disk.exists(IDENTITY)) {
      return null;
    }
    byte[] file = read(disk);
    int format = Identity.formatOf(file);
    if (format == 0) {
      throw new StorageFailure(
          ExitCode.IDENTITY, disk.describe(IDENTITY) + " at offset 0: it is damaged");
    }
    refuseNewer(disk, format);
    Identity identity = Identity.decode(file);
    return new Owner(identity.node(), identity.cluster());
  }

  /**
   * Whose a directory is.
   *
   * @param cluster null while that is not known
   */
  public record Owner(NodeId node, @Nullable ClusterId cluster) {}

  /** Where the files are. */
  public Disk disk() {
    return disk;
  }

  /** Whose directory this is. */
  public NodeId node() {
    return identity.node();
  }

  /** The cluster it belongs to, or null while that is not known. Callable from any thread. */
  public @Nullable ClusterId clusterId() {
    return identity.cluster();
  }

  /**
   * Writes durably that the directory belongs to that cluster; does nothing if it says so already.
   * Blocking: called on the file worker, one call at a time.
   *
   * @return false if the disk has no room for it: to be tried again
   * @throws StorageFailure with {@link ExitCode#IDENTITY} if it belongs to another cluster, with
   *     {@link ExitCode#WRITE_FAILED} if it cannot be written
   */
  public boolean clusterIdKnown(ClusterId cluster) {
    ClusterId known = identity.cluster();
    if (cluster.equals(known)) {
      return true;
    }
    if (known != null) {
      throw new StorageFailure(
          ExitCode.IDENTITY,
          disk.describe(IDENTITY) + " belongs to cluster " + known + ", not to cluster " + cluster);
    }
    Identity complete = new Identity(identity.node(), cluster);
    try {
      write(disk, complete);
    } catch (IOException e) {
      if (Room.isWantedBy(e, disk)) {
        return false;
      }
      throw new StorageFailure(
          ExitCode.WRITE_FAILED,
          "write of " + disk.describe(IDENTITY) + " failed: " + IoCause.of(e),
          e);
    }
    identity = complete;
    return true;
  }

  /** Releases the lock: the last thing that is done here. */
  @Override
  public void close() {
    release(disk, lock);
  }

  private static Disk.Lock lock(Disk disk) {
    Disk.Lock lock;
    try {
      lock = disk.tryLock(LOCK);
    } catch (IOException e) {
      throw unusable(disk, LOCK, e);
    }
    if (lock == null) {
      throw new StorageFailure(
          ExitCode.IDENTITY,
          "another process uses this data directory: it holds " + disk.describe(LOCK));
    }
    return lock;
  }

  private static Identity identify(Disk disk, NodeId node, Consumer<String> warnings)
      throws IOException {
    boolean holdsData = holdsData(disk.list());
    if (disk.exists(IDENTITY)) {
      byte[] file = read(disk);
      if (Identity.formatOf(file) != 0) {
        Identity found = owned(disk, node, file);
        disk.forceDirectory(); // a killed process may have left its name unforced
        return found;
      }
      refuseIf(holdsData, disk, "is damaged, and there is a log beside it");
      warnings.accept(disk.describe(IDENTITY) + " is damaged, there is no log: written anew");
    } else {
      refuseIf(holdsData, disk, "is missing, but there is a log");
    }
    Identity fresh = new Identity(node, null);
    write(disk, fresh);
    return fresh;
  }

  private static Identity owned(Disk disk, NodeId node, byte[] file) {
    refuseNewer(disk, Identity.formatOf(file));
    Identity identity = Identity.decode(file);
    if (!identity.node().equals(node)) {
      throw new StorageFailure(
          ExitCode.IDENTITY,
          disk.describe(IDENTITY)
              + " belongs to node "
              + identity.node()
              + ", not to node "
              + node);
    }
    return identity;
  }

  private static void refuseNewer(Disk disk, int format) {
    if (format != Identity.FORMAT) {
      throw new StorageFailure(
          ExitCode.NEWER_FORMAT,
          disk.describe(IDENTITY)
              + (" is of format " + format + ", this version knows up to " + Identity.FORMAT));
    }
  }

  private static void refuseIf(boolean holdsData, Disk disk, String state) {
    if (holdsData) {
      throw new StorageFailure(
          ExitCode.IDENTITY,
          disk.describe(IDENTITY) + " " + state + ": nobody can say whose log that is");
    }
  }

  private static boolean holdsData(List<String> names) {
    return names.stream()
        .filter(name -> name.startsWith(SEGMENT_PREFIX) || name.startsWith(SNAPSHOT_PREFIX))
        .anyMatch(name -> !name.endsWith(UNFINISHED_SUFFIX));
  }

  private static byte[] read(Disk disk) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Identity.MAX_BYTES + 1);
    try (DiskFile file = disk.open(IDENTITY)) {
      file.read(buffer, 0);
    }
    byte[] bytes = new byte[buffer.flip().remaining()];
    buffer.get(bytes);
    return bytes;
  }

  /** Old or new after a crash, never half: written beside, forced, renamed, directory forced. */
  private static void write(Disk disk, Identity identity) throws IOException {
    String unfinished = IDENTITY + UNFINISHED_SUFFIX;
    if (disk.exists(unfinished)) {
      disk.delete(unfinished);
    }
    try (DiskFile file = disk.create(unfinished)) {
      file.write(new ByteBuffer[] {ByteBuffer.wrap(identity.encode())}, 0);
      file.force();
    }
    disk.rename(unfinished, IDENTITY);
    disk.forceDirectory();
  }

  private static void release(Disk disk, Disk.Lock lock) {
    try {
      lock.release();
    } catch (IOException e) {
      throw unusable(disk, LOCK, e);
    }
  }

  private static StorageFailure unusable(Disk disk, String name, IOException cause) {
    return new StorageFailure(
        ExitCode.UNAVAILABLE, disk.describe(name) + " cannot be used: " + IoCause.of(cause), cause);
  }
}
