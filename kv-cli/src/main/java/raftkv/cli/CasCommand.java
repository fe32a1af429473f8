package raftkv.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import raftkv.client.CompareAndSetResult;
import raftkv.client.Condition;
import raftkv.client.KvEntry;
import raftkv.client.KvException;
import raftkv.client.KvValue;
import raftkv.client.session.Outcome;

/** Stores a value if a condition holds. */
@Command(name = "cas", description = "Store a value if, and only if, a condition holds.")
final class CasCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Root root;
  @Mixin private WriteFlags flags = new WriteFlags();

  @Option(names = "--if-value", paramLabel = "VALUE", description = "The current value is this.")
  private @Nullable String ifValue;

  @Option(
      names = "--if-index",
      paramLabel = "INDEX",
      description = "The key's last change was at this index (mod_index).")
  private @Nullable Long ifIndex;

  @Option(names = "--if-absent", description = "The key does not exist.")
  private boolean ifAbsent;

  @Parameters(index = "0", paramLabel = "KEY", description = "Key.")
  private String key = "";

  @Parameters(index = "1", paramLabel = "VALUE", description = "New value, - for stdin.")
  private String value = "";

  @Override
  public Integer call() throws IOException {
    Root shared = Objects.requireNonNull(root);
    KvValue wanted = Inputs.value(value, shared.terminal().in());
    try {
      CompareAndSetResult result =
          shared.client().compareAndSet(key, condition(), wanted, flags.options());
      return print(new Answer(shared), result);
    } catch (KvException failure) {
      int code = new Failures(shared).report("cas '" + key + "'", failure);
      // Processed, but whether the condition held is forgotten.
      return failure.outcome() == Outcome.APPLIED ? ExitCode.UNKNOWN : code;
    }
  }

  private Condition condition() {
    List<Condition> given = new ArrayList<>();
    if (ifValue != null) {
      given.add(new Condition.ValueIs(KvValue.of(ifValue)));
    }
    if (ifIndex != null) {
      given.add(new Condition.ModIndexIs(ifIndex));
    }
    if (ifAbsent) {
      given.add(new Condition.Absent());
    }
    if (given.size() != 1) {
      throw new UsageMistake("cas needs exactly one of --if-value, --if-index, --if-absent");
    }
    return given.get(0);
  }

  private int print(Answer answer, CompareAndSetResult result) {
    Json json =
        new Json()
            .with("key", key)
            .with("succeeded", result.succeeded())
            .with("index", result.index())
            .with("deduplicated", result.by().deduplicated());
    KvEntry entry = result.entry();
    if (entry != null) {
      json.with("entry", Answer.entry(entry));
    }
    String duplicate = Answer.duplicateMark(result.by());
    flags.noteSessionStart(answer, result.by());
    if (result.succeeded()) {
      answer.say(key + " stored at index " + result.index() + duplicate, json);
      return ExitCode.DONE;
    }
    answer.sayNo("not stored, condition not met: " + Answer.shown(entry) + duplicate, json);
    return ExitCode.NOT_MET;
  }
}
