package raftkv.bench.machine;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What was spent between two looks.
 *
 * @param clientCpuSeconds processor time of this process
 * @param serverCpuSeconds of the servers, all together
 * @param writtenBytes what the kernel counts as written by the servers, all together; it counts
 *     whole folios, of up to megabytes, where a process wrote into a part of one
 * @param diskBytes what the disk was given to write, by anybody
 * @param otherCpuSeconds of everybody else on the machine, the kernel's own work included
 * @param others which processes that was, the busiest first
 * @param stolenSeconds processor time that the host gave to somebody else
 * @param load load average of the last minute, at the end
 */
public record Spent(
    double clientCpuSeconds,
    double serverCpuSeconds,
    long writtenBytes,
    long diskBytes,
    double otherCpuSeconds,
    String others,
    double stolenSeconds,
    double load) {
  private static final int NAMED = 3;
  private static final double WORTH_NAMING_SECONDS = 0.05;

  /** The state at one moment. */
  public static final class Look {
    private final List<Long> servers;
    private final Map<Long, Proc.Cpu> cpu = Proc.cpuOfAll();
    private final Proc.Busy busy = Proc.busy();
    private final long writtenBytes;
    private final long diskBytes;

    private Look(List<Long> servers, String device) {
      this.diskBytes = Proc.writtenBytesOf(device);
      this.servers = List.copyOf(servers);
      this.writtenBytes = servers.stream().mapToLong(Proc::writtenBytes).sum();
    }

    /**
     * Now.
     *
     * @param servers their processes
     * @param device of the disk that they write to, as {@link Machine#deviceOf} names it
     */
    public static Look now(List<Long> servers, String device) {
      return new Look(servers, device);
    }

    /** What was spent from this look to a later one. */
    public Spent until(Look later) {
      long own = ProcessHandle.current().pid();
      Set<Long> known = new TreeSet<>(servers);
      known.add(own);
      double ofClient = spentBy(own, later);
      double ofServers = servers.stream().mapToDouble(pid -> spentBy(pid, later)).sum();
      double ofAll = later.busy.seconds() - busy.seconds();
      return new Spent(
          ofClient,
          ofServers,
          later.writtenBytes - writtenBytes,
          later.diskBytes - diskBytes,
          Math.max(0, ofAll - ofClient - ofServers),
          others(later, known),
          later.busy.stolenSeconds() - busy.stolenSeconds(),
          Proc.load());
    }

    private double spentBy(long pid, Look later) {
      Proc.Cpu end = later.cpu.get(pid);
      Proc.Cpu begin = cpu.get(pid);
      return end == null ? 0 : end.seconds() - (begin == null ? 0 : begin.seconds());
    }

    private String others(Look later, Set<Long> known) {
      return later.cpu.keySet().stream()
          .filter(pid -> !known.contains(pid) && spentBy(pid, later) >= WORTH_NAMING_SECONDS)
          .sorted((a, b) -> Double.compare(spentBy(b, later), spentBy(a, later)))
          .limit(NAMED)
          .map(pid -> named(pid, later))
          .collect(Collectors.joining(", "));
    }

    private String named(long pid, Look later) {
      Proc.Cpu end = later.cpu.get(pid);
      String command = end == null ? "?" : end.command();
      return String.format(Locale.ROOT, "%s %.1f s", command, spentBy(pid, later));
    }
  }
}
