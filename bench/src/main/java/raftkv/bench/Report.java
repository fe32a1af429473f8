package raftkv.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import raftkv.bench.load.Recorder;
import raftkv.bench.machine.Machine;
import raftkv.bench.machine.Spent;
import raftkv.bench.report.JsonLine;
import raftkv.bench.report.JsonLines;
import raftkv.simulation.history.History;

/** One level for people and for programs. */
final class Report {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_MICRO = 1e3;
  private static final double PER_10_000 = 1e4;

  private final Options options;
  private final Level.Outcome outcome;
  private final List<Long> pids;

  Report(Options options, Level.Outcome outcome, List<Long> pids) {
    this.options = options;
    this.outcome = outcome;
    this.pids = pids;
  }

  /** For people. */
  List<String> lines(Path data) {
    List<String> lines = new ArrayList<>();
    say(lines, "machine   %s", Machine.describe(data));
    say(lines, "target    %s", outcome.target());
    say(
        lines,
        "load      %,d %ss, %s, %,d keys, values of %d bytes, %s before",
        outcome.result().answered(),
        options.kind,
        pace(),
        options.keys,
        options.valueBytes,
        options.warmUpSeconds > 0
            ? options.warmUpSeconds + " s"
            : String.format(Locale.ROOT, "%,d", options.warmUp));
    sayResult(lines);
    sayCosts(lines);
    return lines;
  }

  private void sayResult(List<String> lines) {
    Recorder.Result result = outcome.result();
    Histogram nanos = result.latencies();
    say(
        lines,
        "result    %,.0f %ss/s over %.1f s",
        result.perSecond(),
        options.kind,
        result.nanos() / 1e9);
    say(
        lines,
        "latency   p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, max %.2f ms",
        nanos.getValueAtPercentile(50) / NANOS_PER_MILLI,
        nanos.getValueAtPercentile(99) / NANOS_PER_MILLI,
        nanos.getValueAtPercentile(99.9) / NANOS_PER_MILLI,
        nanos.getMaxValue() / NANOS_PER_MILLI);
    say(lines, "errors    %s", result.errors().isEmpty() ? "none" : result.errors());
    if (outcome.verdict() != null) {
      say(lines, "sample    %s", outcome.verdict());
      outcome.verdict().failures().forEach(failure -> say(lines, "wrong     %s", failure));
    }
  }

  private void sayCosts(List<String> lines) {
    Spent spent = outcome.spent();
    say(
        lines,
        "spent     client %.2f s, servers %.2f s, others %.2f s; %d MiB written to the disk",
        spent.clientCpuSeconds(),
        spent.serverCpuSeconds(),
        spent.otherCpuSeconds(),
        spent.diskBytes() >> 20);
    for (long pid : pids) {
      say(
          lines,
          "memory    process %d: %,d MiB resident, %,d MiB at most",
          pid,
          Machine.residentMib(pid),
          Machine.peakMib(pid));
    }
  }

  /** For programs: everything of the level in one line of a file. */
  void appendTo(Path file, Path data) throws IOException {
    JsonLine line = new JsonLine();
    for (String note : options.notes) {
      int equals = note.indexOf('=');
      line.with(note.substring(0, equals), note.substring(equals + 1));
    }
    asked(line);
    answered(line);
    spent(line, data);
    JsonLines.append(file, line);
  }

  private void asked(JsonLine line) {
    line.with("ended", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
        .with("target", options.target)
        .with("connected", outcome.target())
        .with("operation", options.kind.toString())
        .with("in_flight", options.inFlight)
        .with("connections", options.connections)
        .with("rate", options.perSecond)
        .with("keys", options.keys)
        .with("key_bytes", options.keyBytes)
        .with("value_bytes", options.valueBytes)
        .with("warm_up_s", options.warmUpSeconds);
  }

  private void answered(JsonLine line) {
    Recorder.Result result = outcome.result();
    Histogram nanos = result.latencies();
    line.with("seconds", result.nanos() / 1e9)
        .with("operations", result.answered())
        .with("per_second", result.perSecond())
        .with("mean_us", nanos.getMean() / NANOS_PER_MICRO)
        .with("p50_us", nanos.getValueAtPercentile(50) / NANOS_PER_MICRO)
        .with("p90_us", nanos.getValueAtPercentile(90) / NANOS_PER_MICRO)
        .with("p99_us", nanos.getValueAtPercentile(99) / NANOS_PER_MICRO)
        .with("p999_us", nanos.getValueAtPercentile(99.9) / NANOS_PER_MICRO)
        .with("max_us", nanos.getMaxValue() / NANOS_PER_MICRO)
        .with("errors", result.failed());
    result.errors().forEach((what, count) -> line.with("error " + what, count));
    History.Report verdict = outcome.verdict();
    if (verdict != null) {
      line.with("checked", verdict.operations())
          .with("wrong", verdict.failures().size())
          .with("verdict", verdict.failures().isEmpty() ? "ok" : verdict.failures().get(0));
    }
  }

  private void spent(JsonLine line, Path data) {
    Spent spent = outcome.spent();
    double tenThousands = Math.max(1, outcome.result().answered()) / PER_10_000;
    line.with("client_cpu_s", spent.clientCpuSeconds())
        .with("server_cpu_s", spent.serverCpuSeconds())
        .with("client_cpu_s_per_10k", spent.clientCpuSeconds() / tenThousands)
        .with("server_cpu_s_per_10k", spent.serverCpuSeconds() / tenThousands)
        .with("written_mib", spent.writtenBytes() / (double) (1 << 20))
        .with("disk_mib", spent.diskBytes() / (double) (1 << 20))
        .with("rss_peak_mib", pids.stream().mapToLong(Machine::peakMib).sum())
        .with("other_cpu_s", spent.otherCpuSeconds())
        .with("others", spent.others())
        .with("stolen_s", spent.stolenSeconds())
        .with("load1", spent.load())
        .with("machine_speed", outcome.machineSpeed())
        .with("machine", Machine.describe(data));
  }

  private String pace() {
    return options.perSecond > 0
        ? String.format(
            Locale.ROOT,
            "%,.0f a second, %d in flight at most",
            options.perSecond,
            options.inFlight)
        : options.inFlight + " in flight";
  }

  private static void say(List<String> lines, String format, Object... values) {
    lines.add(String.format(Locale.ROOT, format, values));
  }
}
