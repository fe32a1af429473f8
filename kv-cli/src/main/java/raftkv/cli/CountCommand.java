package raftkv.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import raftkv.client.CountResult;

/** Prints a number of keys. */
@Command(name = "count", description = "Print how many keys there are.")
final class CountCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Root root;
  @Mixin private ReadFlags flags = new ReadFlags();

  @Parameters(arity = "0..1", paramLabel = "PREFIX", description = "Only keys that begin so.")
  private String prefix = "";

  @Override
  public Integer call() {
    Root shared = Objects.requireNonNull(root);
    CountResult result = shared.client().count(prefix, flags.mode());
    Json json =
        new Json()
            .with("prefix", prefix)
            .with("count", result.count())
            .with("node", result.by().nodeId());
    new Answer(shared).say(Long.toString(result.count()), json);
    return ExitCode.DONE;
  }
}
