package raftkv.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Reads the command line and the environment. Pure: both are parameters. */
public final class OptionParser {
  private static final String PREFIX = "KV_";

  private OptionParser() {}

  /** What the command line asks for. */
  public sealed interface Request {}

  /** Run a server. */
  public record Serve(ServerConfig config) implements Request {}

  /** Show that text and exit. */
  public record Show(String text) implements Request {}

  /**
   * Reads the arguments; an option that is not there is looked up in the environment.
   *
   * @throws UsageError with one sentence, if something is unknown or contradicts something else
   */
  public static Request parse(String[] arguments, Map<String, String> environment, String version) {
    Options options = new Options();
    CommandLine line =
        new CommandLine(options)
            .setDefaultValueProvider(spec -> fromEnvironment(spec, environment))
            .setOverwrittenOptionsAllowed(false);
    if (List.of(arguments).stream().anyMatch(OptionParser::asksForHelp)) {
      // Before anything else: whoever asks for help may have got the rest wrong.
      return new Show(line.getUsageMessage(CommandLine.Help.Ansi.OFF).stripTrailing());
    }
    try {
      line.parseArgs(arguments);
    } catch (CommandLine.ParameterException wrong) {
      throw new UsageError(firstLine(wrong));
    }
    if (options.version) {
      return new Show("kv-server " + version);
    }
    return new Serve(config(options));
  }

  private static boolean asksForHelp(String argument) {
    return argument.equals("--help") || argument.equals("-h");
  }

  private static @Nullable String fromEnvironment(
      CommandLine.Model.ArgSpec spec, Map<String, String> environment) {
    if (!(spec instanceof CommandLine.Model.OptionSpec option)
        || option.usageHelp()
        || option.versionHelp()) {
      return null;
    }
    String name = option.longestName().substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    String value = environment.get(PREFIX + name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static String firstLine(CommandLine.ParameterException wrong) {
    String message = String.valueOf(wrong.getMessage()).lines().findFirst().orElse("");
    return wrong instanceof CommandLine.UnmatchedArgumentException
        ? message.replace("Unknown option", "unknown option").replace("Unmatched", "unexpected")
        : message;
  }

  private static ServerConfig config(Options options) {
    int id = required(options.id, "--id");
    int port = required(options.port, "--port");
    Membership members = Membership.parse(id, port, options.peers);
    return new ServerConfig(
        members.self(),
        port,
        members.peers(),
        options.listen,
        advertise(options, port, members),
        directory(options, id),
        level(options.logLevel),
        target(options.logTo),
        new ServerConfig.Times(
            options.electionTimeoutMinMs, options.electionTimeoutMaxMs, options.heartbeatMs),
        new ServerConfig.Snapshots(options.snapshotLogBytes, options.retainedLogBytes),
        new ServerConfig.SessionLimits(
            options.maxSessions, options.sessionWindow, options.maxStoredAnswerBytes));
  }

  private static int required(@Nullable Integer value, String option) {
    if (value == null) {
      String variable = PREFIX + option.substring(2).toUpperCase(Locale.ROOT);
      throw new UsageError(option + " is missing (or the variable " + variable + ")");
    }
    return value;
  }

  /** Unspecified addresses are no place to send anybody to. */
  private static HostPort advertise(Options options, int port, Membership members) {
    if (options.advertise != null) {
      return HostPort.parse(options.advertise);
    }
    if (members.listedSelf() != null) {
      return members.listedSelf();
    }
    boolean anywhere = options.listen.equals("0.0.0.0") || options.listen.equals("::");
    return new HostPort(anywhere ? HostPort.LOOPBACK : options.listen, port);
  }

  private static Path directory(Options options, int id) {
    try {
      return Objects.requireNonNullElseGet(
          options.dataDirectory, () -> Path.of("data", "node" + id));
    } catch (InvalidPathException wrong) {
      throw new UsageError("--data-dir: " + wrong.getMessage());
    }
  }

  private static String level(String level) {
    String lower = level.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "error", "warn", "info", "debug", "trace" -> lower;
      default ->
          throw new UsageError(
              "--log-level '" + level + "' is none of error, warn, info, debug, trace");
    };
  }

  private static ServerConfig.LogTarget target(String target) {
    return switch (target.toLowerCase(Locale.ROOT)) {
      case "console" -> ServerConfig.LogTarget.CONSOLE;
      case "file" -> ServerConfig.LogTarget.FILE;
      case "both" -> ServerConfig.LogTarget.BOTH;
      default -> throw new UsageError("--log-to '" + target + "' is none of console, file, both");
    };
  }
}
