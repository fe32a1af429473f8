package raftkv.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import raftkv.client.CallStyle;
import raftkv.client.ClientConfig;
import raftkv.client.KvClient;

/** The options that all commands share, and the client made of them. */
@Command(
    name = "kv-cli",
    description = "Talks to a cluster of kv-server nodes.",
    synopsisHeading = "Usage: ",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions, before or after the command:%n",
    versionProvider = Version.class,
    footer = {
      "",
      "Exit codes: 0 done; 1 key not found or condition not met; 2 usage;",
      "3 unavailable, not applied; 4 outcome unknown; 5 refused for good.",
    })
final class Root implements Callable<Integer>, AutoCloseable {
  private static final String DEFAULT_ENDPOINTS = "localhost:9001,localhost:9002,localhost:9003";
  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_PORT = 65_535;

  @Option(
      names = "--endpoints",
      split = ",",
      paramLabel = "HOST:PORT",
      scope = ScopeType.INHERIT,
      description =
          "Nodes to talk to, separated by commas. Default: KV_ENDPOINTS, else localhost:9001 to"
              + " 9003.")
  private @Nullable List<String> endpoints;

  @Option(
      names = "--port",
      paramLabel = "N",
      scope = ScopeType.INHERIT,
      description = "Talk to localhost:N alone, whoever leads.")
  private @Nullable Integer port;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      scope = ScopeType.INHERIT,
      description = "text, json or raw (values with nothing added).")
  private Format format = Format.TEXT;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      scope = ScopeType.INHERIT,
      converter = DurationText.class,
      description =
          "For the whole call, or for each entry of a file, as in 500ms, 5s, 1m. Default: 5s, if"
              + " the command's own help names no other.")
  private @Nullable Duration timeout;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Show each attempt, and which node it went to, on stderr.")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show help and exit.")
  @SuppressWarnings("UnusedVariable") // read by picocli alone
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show the version and exit.")
  @SuppressWarnings("UnusedVariable") // read by picocli alone
  private boolean version;

  @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

  private final Terminal terminal;
  private @Nullable KvClient client;

  Root(Terminal terminal) {
    this.terminal = terminal;
  }

  Terminal terminal() {
    return terminal;
  }

  Format format() {
    return format;
  }

  /** Whether somebody watches stderr, as the launcher has found out, and it shows nothing else. */
  boolean showsProgress() {
    return !verbose && terminal.environment().getOrDefault("KV_STDERR_TTY", "").equals("1");
  }

  boolean isPinned() {
    return port != null;
  }

  /** The whole call's time, if it was given. */
  Duration timeoutOr(Duration other) {
    return timeout == null ? other : timeout;
  }

  /** Whether it was given. */
  boolean hasTimeout() {
    return timeout != null;
  }

  /** The client of this call, made at the first use. */
  KvClient client() {
    return client(DEFAULT_TIMEOUT, CallStyle.UNARY);
  }

  /** The same, with that patience unless the user says otherwise, for requests in that style. */
  KvClient client(Duration patience, CallStyle style) {
    KvClient made = client;
    if (made == null) {
      ClientConfig config =
          configOf(chosenEndpoints()).withTimeout(timeoutOr(patience)).withAsyncStyle(style);
      made = KvClient.connect(verbose ? config.withTrace(this::trace) : config);
      client = made;
    }
    return made;
  }

  private static ClientConfig configOf(List<String> endpoints) {
    try {
      return ClientConfig.of(endpoints);
    } catch (IllegalArgumentException mistake) {
      throw new UsageMistake(String.valueOf(mistake.getMessage()));
    }
  }

  private void trace(String line) {
    terminal.err().println("kv-cli: " + line);
    terminal.err().flush();
  }

  private List<String> chosenEndpoints() {
    Integer alone = port;
    List<String> given = endpoints;
    if (alone != null) {
      if (given != null) {
        throw new UsageMistake("--port talks to one node alone: leave out --endpoints");
      }
      if (alone < 1 || alone > MAX_PORT) {
        throw new UsageMistake("--port " + alone + " is not between 1 and " + MAX_PORT);
      }
      return List.of("localhost:" + alone);
    }
    if (given != null) {
      return given;
    }
    String fromEnvironment = terminal.environment().getOrDefault("KV_ENDPOINTS", "");
    return List.of((fromEnvironment.isEmpty() ? DEFAULT_ENDPOINTS : fromEnvironment).split(","));
  }

  /** Without a command there is nothing to do. */
  @Override
  public Integer call() {
    CommandLine.Model.CommandSpec mine = spec;
    if (mine == null) {
      throw new IllegalStateException("picocli did not inject the command's spec");
    }
    throw new CommandLine.ParameterException(mine.commandLine(), "a command is needed");
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
  }
}
