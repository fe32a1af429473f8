package raftkv.storage.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.DiskFile;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.raft.Check;

/** A directory of the operating system. Stateless but for the path; see {@link Disk}. */
public final class FileDisk implements Disk {
  private final Path directory;

  private FileDisk(Path directory) {
    this.directory = directory;
  }

  /**
   * The disk at that directory, which is created durably if it is missing.
   *
   * @throws StorageFailure with {@link ExitCode#UNAVAILABLE} if it cannot be made or used
   */
  public static FileDisk open(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    try {
      createDurably(absolute);
      if (!Files.isWritable(absolute)) {
        throw new FileSystemException(absolute.toString(), null, "it is not writable");
      }
    } catch (IOException e) {
      throw new StorageFailure(
          ExitCode.UNAVAILABLE,
          "data directory " + absolute + " cannot be used: " + IoCause.of(e),
          e);
    }
    return new FileDisk(absolute);
  }

  @Override
  public List<String> list() throws IOException {
    return regularFiles(directory);
  }

  @Override
  public boolean exists(String name) throws IOException {
    return attributes(path(name)) != null;
  }

  /** Sorted. What cannot be looked at is an error, not missing. */
  static List<String> regularFiles(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        BasicFileAttributes found = attributes(file);
        if (found != null && found.isRegularFile()) {
          names.add(String.valueOf(file.getFileName()));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    names.sort(null);
    return names;
  }

  /** Null if there is nothing of that name. */
  static @Nullable BasicFileAttributes attributes(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException missing) {
      return null;
    }
  }

  @Override
  public DiskFile create(String name) throws IOException {
    return new ChannelFile(
        FileChannel.open(
            path(name),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE));
  }

  @Override
  public DiskFile open(String name) throws IOException {
    return new ChannelFile(
        FileChannel.open(path(name), StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(
        path(from), path(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.delete(path(name));
  }

  @Override
  public void forceDirectory() throws IOException {
    force(directory);
  }

  @Override
  public @Nullable Lock tryLock(String name) throws IOException {
    return HeldLock.tryTake(path(name));
  }

  @Override
  public long freeSpaceBytes() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  @Override
  public String describe(String name) {
    return path(name).toString();
  }

  private Path path(String name) {
    Check.that(name.indexOf('/') < 0 && name.indexOf('\\') < 0, "a plain file name");
    return directory.resolve(name);
  }

  /** Forces each directory that gained a name, so that a power cut does not take the new ones. */
  private static void createDurably(Path directory) throws IOException {
    List<Path> gained = new ArrayList<>();
    Path missing = directory;
    while (missing != null && !Files.exists(missing)) {
      missing = missing.getParent();
      if (missing != null) {
        gained.add(missing);
      }
    }
    Files.createDirectories(directory);
    for (Path parent : gained) {
      force(parent);
    }
  }

  /** A directory can be opened for reading alone; forcing that channel forces its names. */
  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
