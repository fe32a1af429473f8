package raftkv.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import raftkv.client.DeleteResult;
import raftkv.client.KvException;
import raftkv.client.session.Outcome;

/** Removes a key. */
@Command(name = "del", description = "Remove a key; --if-index releases a lock safely.")
final class DelCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Root root;
  @Mixin private WriteFlags flags = new WriteFlags();

  @Option(
      names = "--if-index",
      paramLabel = "INDEX",
      description = "Only if the key's last change was at this index (mod_index).")
  private @Nullable Long ifIndex;

  @Parameters(paramLabel = "KEY", description = "Key.")
  private String key = "";

  @Override
  public Integer call() {
    Root shared = Objects.requireNonNull(root);
    Long index = ifIndex;
    try {
      DeleteResult result =
          index == null
              ? shared.client().delete(key, flags.options())
              : shared.client().deleteIf(key, index, flags.options());
      return print(new Answer(shared), result);
    } catch (KvException failure) {
      int code = new Failures(shared).report("del '" + key + "'", failure);
      // Processed, but whether the condition held is forgotten.
      boolean open = failure.outcome() == Outcome.APPLIED && index != null;
      return open ? ExitCode.UNKNOWN : code;
    }
  }

  private int print(Answer answer, DeleteResult result) {
    Json json =
        new Json()
            .with("key", key)
            .with("found", result.found())
            .with("succeeded", result.succeeded())
            .with("index", result.index())
            .with("deduplicated", result.by().deduplicated());
    String duplicate = Answer.duplicateMark(result.by());
    flags.noteSessionStart(answer, result.by());
    if (result.succeeded()) {
      answer.say(key + " deleted at index " + result.index() + duplicate, json);
      return ExitCode.DONE;
    }
    String why =
        result.found()
            ? "not deleted, condition not met: " + Answer.shown(result.entry())
            : "key '" + key + "' not found";
    answer.sayNo(why + duplicate, json);
    return ExitCode.NOT_MET;
  }
}
