package raftkv.cli;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Stores what a file holds, many entries at a time, and can go on where it was interrupted. */
@Command(
    name = "load",
    description = {
      "Store what a file holds, a line each: key, one space or tab, value.",
      "Escapes: \\t \\n \\r \\s (space) \\\\ \\xHH (any byte). Empty lines are skipped.",
      "If any line is bad, nothing is stored (exit code 2).",
    },
    customSynopsis = "kv-cli load [options] FILE|-",
    footer = {"", "--timeout is for each entry. Default: 30s."})
final class LoadCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Root root;

  @Option(
      names = "--client-id",
      paramLabel = "ID",
      description = "Go on with the load that began under this id: nothing is stored twice.")
  private @Nullable String clientId;

  @Option(
      names = "--session-start",
      paramLabel = "INDEX",
      description = "Goes with an id of your own: an applied index seen when it was chosen.")
  private @Nullable Long sessionStart;

  @Parameters(arity = "1", paramLabel = "FILE", description = "The file, - for stdin.")
  private String file = "";

  @Override
  public Integer call() throws IOException, InterruptedException {
    return new LoadRun(Objects.requireNonNull(root), file).run(clientId, sessionStart);
  }
}
