package raftkv.bench.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Looks once a second at how much the nodes keep on disk, on a thread of its own. */
public final class DiskUse implements AutoCloseable {
  private static final long GAP_SECONDS = 1;

  private final List<Path> directories;
  private final long[] mostBytes;
  private final ScheduledExecutorService sampler =
      Executors.newSingleThreadScheduledExecutor(DiskUse::daemon);

  private final ScheduledFuture<?> sampling;

  private DiskUse(List<Path> directories) {
    this.directories = directories;
    this.mostBytes = new long[directories.size()];
    this.sampling = sampler.scheduleWithFixedDelay(this::look, 0, GAP_SECONDS, TimeUnit.SECONDS);
  }

  /** Begins to look. */
  public static DiskUse watch(List<Path> directories) {
    return new DiskUse(directories);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "bench-disk");
    thread.setDaemon(true);
    return thread;
  }

  /** For each directory, what is there now and the most that was seen. */
  public synchronized List<String> describe() {
    look();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < mostBytes.length; i++) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%s: %d MiB, %d MiB at most",
              directories.get(i).getFileName(),
              bytesIn(directories.get(i)) >> 20,
              mostBytes[i] >> 20));
    }
    return lines;
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
    sampling.cancel(false);
    sampler.shutdown();
  }
}
