package raftkv.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks once a second at how much the nodes keep on disk, on a thread of its own. */
final class DiskUse implements AutoCloseable {
  private static final long GAP_MILLIS = 1_000;

  private final List<Path> directories;
  private final long[] mostBytes;
  private final Thread thread;
  private volatile boolean stopped;

  private DiskUse(List<Path> directories) {
    this.directories = directories;
    this.mostBytes = new long[directories.size()];
    this.thread = new Thread(this::watch, "bench-disk");
    thread.setDaemon(true);
  }

  /** Begins to look. */
  static DiskUse watch(List<Path> directories) {
    DiskUse use = new DiskUse(directories);
    use.thread.start();
    return use;
  }

  /** For each directory, what is there now and the most that was seen. */
  synchronized List<String> describe() {
    look();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < mostBytes.length; i++) {
      lines.add(
          String.format(
              "%s: %d MiB, %d MiB at most",
              directories.get(i).getFileName(),
              bytesIn(directories.get(i)) >> 20,
              mostBytes[i] >> 20));
    }
    return lines;
  }

  private void watch() {
    while (!stopped) {
      look();
      try {
        Thread.sleep(GAP_MILLIS);
      } catch (InterruptedException ended) {
        return;
      }
    }
  }

  private synchronized void look() {
    for (int i = 0; i < mostBytes.length; i++) {
      mostBytes[i] = Math.max(mostBytes[i], bytesIn(directories.get(i)));
    }
  }

  /**
   * Sizes of the files, segments being whole from the first day; one that vanishes counts nothing.
   */
  private static long bytesIn(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.mapToLong(DiskUse::bytesOf).sum();
    } catch (IOException | UncheckedIOException gone) {
      return 0;
    }
  }

  private static long bytesOf(Path file) {
    try {
      return Files.size(file);
    } catch (NoSuchFileException gone) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
  }
}
