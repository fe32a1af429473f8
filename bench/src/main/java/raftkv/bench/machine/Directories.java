package raftkv.bench.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Directories made and removed. */
public final class Directories {
  private Directories() {}

  /** Makes the directory that a file will lie in. */
  public static void createFor(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
  }

  /** Removes a directory with all that is in it, if it is there; what is left of it is told. */
  public static void remove(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(Directories::removeOne);
    } catch (IOException | UncheckedIOException left) {
      tell(left);
    }
  }

  /** The others are removed all the same. */
  private static void removeOne(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException left) {
      tell(left);
    }
  }

  private static void tell(Exception left) {
    System.err.println("bench: not removed: " + left.getMessage());
  }
}
