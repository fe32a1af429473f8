package raftkv.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import raftkv.client.GetResult;
import raftkv.client.KvEntry;
import raftkv.client.KvException;

/** Prints bare values. */
@Command(name = "get", description = "Print the values of keys.", sortOptions = false)
final class GetCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Root root;
  @Mixin private ReadFlags flags = new ReadFlags();

  @Parameters(arity = "1..*", paramLabel = "KEY", description = "Keys, in the order of printing.")
  private List<String> keys = List.of();

  @Override
  public Integer call() {
    Root shared = Objects.requireNonNull(root);
    List<CompletableFuture<GetResult>> gets = new ArrayList<>();
    for (String key : keys) {
      gets.add(shared.client().async().get(key, flags.mode()));
    }
    int code = ExitCode.DONE;
    for (int i = 0; i < keys.size(); i++) {
      code = ExitCode.worse(code, print(shared, keys.get(i), gets.get(i)));
    }
    return code;
  }

  private static int print(Root shared, String key, CompletableFuture<GetResult> get) {
    Answer answer = new Answer(shared);
    try {
      GetResult result = get.join();
      KvEntry entry = result.entry();
      if (entry != null) {
        answer.value(entry, result.by());
        return ExitCode.DONE;
      }
      Json json = new Json().with("key", key).with("found", false);
      answer.sayNo("key '" + key + "' not found", json.with("node", result.by().nodeId()));
      return ExitCode.NOT_MET;
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof KvException why) {
        return new Failures(shared).report("get '" + key + "'", why);
      }
      throw failed;
    }
  }
}
