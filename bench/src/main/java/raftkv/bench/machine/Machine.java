package raftkv.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Facts about the machine and its processes; "unknown" or 0 where there is none. */
public final class Machine {
  private static final long KIB_PER_MIB = 1_024;

  private Machine() {}

  /** Processor, cores, memory, kernel, Java, and the file system below a directory. */
  public static String describe(Path data) {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %d MiB, Linux %s, Java %s, %s",
        Proc.field(Path.of("/proc/cpuinfo"), "model name"),
        Runtime.getRuntime().availableProcessors(),
        Proc.number(Proc.field(Path.of("/proc/meminfo"), "MemTotal")) / KIB_PER_MIB,
        System.getProperty("os.version"),
        Runtime.version(),
        fileSystem(data));
  }

  /** The name of the device below a directory, as "sda1". */
  public static String deviceOf(Path data) {
    try {
      String name = Files.getFileStore(data.toAbsolutePath()).name();
      return name.substring(name.lastIndexOf('/') + 1);
    } catch (IOException e) {
      return "unknown";
    }
  }

  /** Resident memory of a process now, in MiB; 0 if there is no such process. */
  public static long residentMib(long pid) {
    return Proc.statusKib(pid, "VmRSS") / KIB_PER_MIB;
  }

  /** The most that it ever had. */
  public static long peakMib(long pid) {
    return Proc.statusKib(pid, "VmHWM") / KIB_PER_MIB;
  }

  private static String fileSystem(Path data) {
    try {
      return Files.getFileStore(data.toAbsolutePath()).type();
    } catch (IOException e) {
      return "unknown file system";
    }
  }
}
