package raftkv.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file system of its own, on an image in a file, that can be filled, frozen, or made to fail:
 * what can happen to a node's disk. Needs root and loop devices. Owned by one thread.
 */
public final class SmallDisk implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int MEGABYTE = 1 << 20;

  private final String image;
  private final Path mountPoint;
  private boolean frozen;

  private SmallDisk(String image, Path mountPoint) {
    this.image = image;
    this.mountPoint = mountPoint;
  }

  /** Why there can be no such disk here, or null if there can. */
  public static @Nullable String missing(Path directory) {
    try {
      SmallDisk trial = ext4(directory.resolve("trial.img"), directory.resolve("trial"), 16);
      trial.close();
      return null;
    } catch (AssertionError | UncheckedIOException cannot) {
      return "file systems cannot be mounted here (this needs root and loop devices): "
          + cannot.getMessage();
    }
  }

  /** A disk of that size, mounted there. */
  public static SmallDisk ext4(Path image, Path mountPoint, int megabytes) {
    try {
      Files.createDirectories(mountPoint);
      try (FileChannel file =
          FileChannel.open(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.allocate(1), (long) megabytes * MEGABYTE - 1);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
    run("mount", "-o", "loop", image.toString(), mountPoint.toString());
    return new SmallDisk(image.toString(), mountPoint);
  }

  /** A place in memory of that size, for the image of a disk that then cannot keep its promise. */
  public static SmallDisk tmpfs(Path mountPoint, int megabytes) {
    try {
      Files.createDirectories(mountPoint);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", mountPoint.toString());
    return new SmallDisk("tmpfs", mountPoint);
  }

  /** Where it is. */
  public Path mountPoint() {
    return mountPoint;
  }

  /** Leaves no more than that free. */
  public void fillTo(int freeMegabytes) {
    Path filler = mountPoint.resolve("filler");
    try (FileChannel file =
        FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      long bytes =
          Files.getFileStore(mountPoint).getUsableSpace() - (long) freeMegabytes * MEGABYTE;
      for (long written = 0; written < bytes; written += MEGABYTE) {
        file.write(ByteBuffer.allocate((int) Math.min(MEGABYTE, bytes - written)));
      }
      file.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes away what {@link #fillTo} has put there. */
  public void makeRoom() {
    try {
      Files.delete(mountPoint.resolve("filler"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on writes and forces wait. */
  public void freeze() {
    run("fsfreeze", "--freeze", mountPoint.toString());
    frozen = true;
  }

  /** Ends {@link #freeze}. */
  public void thaw() {
    run("fsfreeze", "--unfreeze", mountPoint.toString());
    frozen = false;
  }

  /** Ends {@link #freeze} if it was called: a process that waits for the disk cannot be killed. */
  public void maybeThaw() {
    if (frozen) {
      thaw();
    }
  }

  /** The kernel gives the file system up, as it does after an error: it can only be read. */
  public void abort() {
    run("mount", "-o", "remount,abort", mountPoint.toString());
  }

  /**
   * Mounts a disk of {@link #ext4} again: one whose journal could not be written can only be read
   * until then. No process may have it in use.
   */
  public void remount() {
    run("umount", mountPoint.toString());
    run("mount", "-o", "loop", image, mountPoint.toString());
  }

  @Override
  public void close() {
    maybeThaw();
    run("umount", "--lazy", mountPoint.toString());
  }

  private static void run(String... command) {
    Program program = Program.run(Path.of("/"), Map.of(), LIMIT, List.of(command));
    if (program.exitCode() != 0) {
      throw new AssertionError(
          String.join(" ", command) + ": " + program.exitCode() + " " + program.lastErrorLine());
    }
  }
}
