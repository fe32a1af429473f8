package raftkv.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import raftkv.client.KvException;

/** Turns arguments into a command, runs it, and turns what went wrong into words and a code. */
public final class Cli {
  /** Commands after which something may be different, even if they end unexpectedly. */
  private static final Set<String> CHANGING =
      Set.of("put", "load", "del", "cas", "transfer", "outcome");

  private final Terminal terminal;

  /** A command line on that terminal. */
  public Cli(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Runs one call; the exit code. Never throws for a mistake of the user or of the cluster. */
  public int run(String... args) {
    Root root = new Root(terminal);
    CommandLine line = commandLine(root, new HashSet<>(Arrays.asList(args)));
    try {
      int code = line.execute(args.length == 0 ? new String[] {"--help"} : args);
      return terminal.out().checkError() ? withoutOutput(code, line.getParseResult()) : code;
    } finally {
      root.close();
    }
  }

  /** Whoever called cannot have seen all of the answer; a code that says more stays. */
  private int withoutOutput(int code, CommandLine.@Nullable ParseResult parsed) {
    terminal.err().println("kv-cli: the output could not be written to its end");
    if (code != ExitCode.DONE) {
      return code;
    }
    boolean changing =
        parsed != null
            && parsed.hasSubcommand()
            && CHANGING.contains(parsed.subcommand().commandSpec().name());
    return changing ? ExitCode.UNKNOWN : ExitCode.UNAVAILABLE;
  }

  private CommandLine commandLine(Root root, Set<String> words) {
    CommandLine line = new CommandLine(root);
    Map<String, Supplier<Object>> commands = commands();
    boolean any = commands.keySet().stream().anyMatch(words::contains);
    for (Map.Entry<String, Supplier<Object>> command : commands.entrySet()) {
      // Building a model of a command costs milliseconds: only those that may be meant are built.
      if (!any || words.contains(command.getKey())) {
        line.addSubcommand(command.getKey(), command.getValue().get());
      }
    }
    line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(this::onUsageError);
    line.setExecutionExceptionHandler((failure, of, parsed) -> onFailure(failure, of, root));
    line.setUsageHelpAutoWidth(false);
    return line;
  }

  private static Map<String, Supplier<Object>> commands() {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("put", PutCommand::new);
    commands.put("load", LoadCommand::new);
    commands.put("get", GetCommand::new);
    commands.put("del", DelCommand::new);
    commands.put("cas", CasCommand::new);
    commands.put("list", ListCommand::new);
    commands.put("count", CountCommand::new);
    commands.put("status", StatusCommand::new);
    commands.put("members", MembersCommand::new);
    commands.put("transfer", TransferCommand::new);
    commands.put("hash", HashCommand::new);
    commands.put("snapshot", SnapshotCommand::new);
    commands.put("outcome", OutcomeCommand::new);
    return commands;
  }

  private int onUsageError(CommandLine.ParameterException mistake, String[] args) {
    String command = mistake.getCommandLine().getCommandSpec().qualifiedName();
    String sentence = String.valueOf(mistake.getMessage());
    terminal.err().println("kv-cli: " + sentence);
    if (!sentence.contains("--")) {
      terminal.err().println("  A value that begins with '-' goes behind a '--'.");
    }
    terminal.err().println("  Try '" + command + " --help'.");
    return ExitCode.USAGE;
  }

  private int onFailure(Exception failure, CommandLine of, Root root) {
    if (failure instanceof KvException refused) {
      return new Failures(root).report(of.getCommandName(), refused);
    }
    if (failure instanceof UsageMistake || failure instanceof InvalidPathException) {
      terminal.err().println("kv-cli: " + failure.getMessage());
      terminal.err().println("  Try 'kv-cli " + of.getCommandName() + " --help'.");
      return ExitCode.USAGE;
    }
    if (failure instanceof IOException || failure instanceof UncheckedIOException) {
      terminal.err().println("kv-cli: cannot read: " + failure.getMessage());
      return ExitCode.USAGE;
    }
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    terminal.err().println("kv-cli: a bug, please report it: " + trace);
    // What only asks has not changed anything, and would end like this again.
    return CHANGING.contains(of.getCommandName()) ? ExitCode.UNKNOWN : ExitCode.REFUSED;
  }
}
