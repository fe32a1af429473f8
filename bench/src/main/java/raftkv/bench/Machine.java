package raftkv.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Facts about the machine and its processes, from {@code /proc}; "unknown" where there is none. */
final class Machine {
  private static final long KIB_PER_MIB = 1_024;

  private Machine() {}

  /** Processor, cores, memory, kernel, Java, and the file system below a directory. */
  static String describe(Path data) {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %d MiB, Linux %s, Java %s, %s",
        field(Path.of("/proc/cpuinfo"), "model name"),
        Runtime.getRuntime().availableProcessors(),
        number(field(Path.of("/proc/meminfo"), "MemTotal")) / KIB_PER_MIB,
        System.getProperty("os.version"),
        Runtime.version(),
        fileSystem(data));
  }

  /** Resident memory of a process now, in MiB; 0 if there is no such process. */
  static long residentMib(long pid) {
    return number(field(Path.of("/proc", Long.toString(pid), "status"), "VmRSS")) / KIB_PER_MIB;
  }

  /** The most that it ever had. */
  static long peakMib(long pid) {
    return number(field(Path.of("/proc", Long.toString(pid), "status"), "VmHWM")) / KIB_PER_MIB;
  }

  private static String fileSystem(Path data) {
    try {
      return Files.getFileStore(data).type();
    } catch (IOException e) {
      return "unknown file system";
    }
  }

  private static String field(Path file, String name) {
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

  private static long number(String text) {
    int end = 0;
    while (end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    return end == 0 ? 0 : Long.parseLong(text.substring(0, end));
  }
}
