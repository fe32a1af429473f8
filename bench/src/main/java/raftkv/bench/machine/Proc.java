package raftkv.bench.machine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads single facts from {@code /proc}; 0 where there is none, as when a process has ended. */
final class Proc {
  /** Ticks of processor time a second: what Linux has shown to programs on every machine so far. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER_FIELD = 11;
  private static final int SYSTEM_FIELD = 12;
  private static final int DEVICE_FIELD = 2;
  private static final int SECTORS_FIELD = 9;
  private static final long SECTOR_BYTES = 512;
  private static final Path ROOT = Path.of("/proc");

  private Proc() {}

  /** Processor time of a process so far. */
  record Cpu(String command, double seconds) {}

  /** Processor time by process, all that can be seen. */
  static Map<Long, Cpu> cpuOfAll() {
    Map<Long, Cpu> all = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(ROOT, "[0-9]*")) {
      for (Path entry : entries) {
        long pid = Long.parseLong(entry.getFileName().toString());
        Cpu cpu = cpuOf(pid);
        if (cpu != null) {
          all.put(pid, cpu);
        }
      }
    } catch (IOException none) {
      return all;
    }
    return all;
  }

  /** Processor time of one process; null if there is no such process. */
  static @Nullable Cpu cpuOf(long pid) {
    String line;
    try {
      line = Files.readString(of(pid, "stat"));
    } catch (IOException gone) {
      return null;
    }
    // The command stands in brackets and may hold anything, brackets too.
    int open = line.indexOf('(');
    int close = line.lastIndexOf(')');
    String[] fields = line.substring(close + 2).split(" ", -1);
    double ticks =
        Double.parseDouble(fields[USER_FIELD]) + Double.parseDouble(fields[SYSTEM_FIELD]);
    return new Cpu(line.substring(open + 1, close), ticks / TICKS_PER_SECOND);
  }

  /**
   * Processor time of the whole machine so far, and how much of it the host took away ("steal").
   */
  record Busy(double seconds, double stolenSeconds) {}

  static Busy busy() {
    try (Stream<String> lines = Files.lines(ROOT.resolve("stat"))) {
      String[] ticks = lines.findFirst().orElse("").trim().split(" +", -1);
      // cpu user nice system idle iowait irq softirq steal
      double used =
          ticks(ticks, 1) + ticks(ticks, 2) + ticks(ticks, 3) + ticks(ticks, 6) + ticks(ticks, 7);
      return new Busy(used / TICKS_PER_SECOND, ticks(ticks, 8) / TICKS_PER_SECOND);
    } catch (IOException none) {
      return new Busy(0, 0);
    }
  }

  private static double ticks(String[] fields, int place) {
    return place < fields.length ? number(fields[place]) : 0;
  }

  /** Bytes that a process had sent to the disk. */
  static long writtenBytes(long pid) {
    return number(field(of(pid, "io"), "write_bytes"));
  }

  /** Bytes that a device had been given to write, by anybody; 0 if there is no such device. */
  static long writtenBytesOf(String device) {
    try (Stream<String> lines = Files.lines(ROOT.resolve("diskstats"))) {
      return lines
          .map(line -> line.trim().split(" +", -1))
          .filter(fields -> fields.length > SECTORS_FIELD && fields[DEVICE_FIELD].equals(device))
          .mapToLong(fields -> number(fields[SECTORS_FIELD]) * SECTOR_BYTES)
          .sum();
    } catch (IOException none) {
      return 0;
    }
  }

  /** A number of {@code status}, KiB there. */
  static long statusKib(long pid, String field) {
    return number(field(of(pid, "status"), field));
  }

  /** Load average of the last minute. */
  static double load() {
    try {
      return Double.parseDouble(Files.readString(ROOT.resolve("loadavg")).split(" ", 2)[0]);
    } catch (IOException none) {
      return 0;
    }
  }

  private static Path of(long pid, String file) {
    return ROOT.resolve(Long.toString(pid)).resolve(file);
  }

  /** The value of a line {@code name: value}; "unknown" if there is none. */
  static String field(Path file, String name) {
    try {
      for (String line : Files.readAllLines(file)) {
        int colon = line.indexOf(':');
        if (colon > 0 && line.substring(0, colon).strip().equals(name)) {
          return line.substring(colon + 1).strip();
        }
      }
    } catch (IOException e) {
      return "unknown";
    }
    return "unknown";
  }

  /** The digits that a text begins with. */
  static long number(String text) {
    int end = 0;
    while (end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    return end == 0 ? 0 : Long.parseLong(text.substring(0, end));
  }
}
