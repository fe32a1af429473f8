package raftkv.cli;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import raftkv.client.KvException;
import raftkv.client.KvValue;
import raftkv.client.PutResult;
import raftkv.client.WriteOptions;
import raftkv.client.session.Outcome;

/** Stores one value, or many from a file in one process. */
@Command(
    name = "put",
    description = "Store a value under a key, or many from a file.",
    customSynopsis = {
      "kv-cli put [options] KEY VALUE",
      "       kv-cli put [options] KEY -              (value from stdin)",
      "       kv-cli put [options] --from FILE|-      (a line each: key, blank, value)",
      "       kv-cli put [options] --from-file FILE|- (many lines: the same as load FILE)",
    },
    footer = {
      "",
      "With --from, --timeout is for each line. Once nobody takes a line in time, or",
      "its outcome is unknown, no more are sent. A line that is refused is reported,",
      "and the others are stored.",
    })
final class PutCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Root root;
  @Mixin private WriteFlags flags = new WriteFlags();

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "Store what the file holds, a line each: key, blank, value; - for stdin.")
  private @Nullable String from;

  @Option(
      names = "--from-file",
      paramLabel = "FILE",
      description = "Store many lines, as 'load FILE' does: escapes, progress, resumable.")
  private @Nullable String fromFile;

  @Parameters(arity = "0..2", paramLabel = "KEY VALUE", description = "Key; value, - for stdin.")
  private List<String> words = List.of();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Root shared = Objects.requireNonNull(root);
    String load = fromFile;
    if (load != null) {
      if (!words.isEmpty() || from != null) {
        throw new UsageMistake("--from-file takes keys and values from the file alone");
      }
      return new LoadRun(shared, load).run(flags.loadClientId(), flags.sessionStart());
    }
    WriteOptions options = flags.options();
    String file = from;
    if (file != null) {
      if (!words.isEmpty() || flags.hasId()) {
        throw new UsageMistake("--from takes keys, values and identities from the file alone");
      }
      return new PutLines(shared, options).run(Inputs.lines(file, shared.terminal().in()));
    }
    if (words.size() != 2) {
      throw new UsageMistake("put needs a key and a value, or --from FILE");
    }
    KvValue value = Inputs.value(words.get(1), shared.terminal().in());
    return putOne(shared, words.get(0), value, options);
  }

  private int putOne(Root shared, String key, KvValue value, WriteOptions options) {
    Answer answer = new Answer(shared);
    try {
      PutResult result = shared.client().put(key, value, options);
      say(answer, key, result);
      flags.noteSessionStart(answer, result.by());
      return ExitCode.DONE;
    } catch (KvException failure) {
      return report(shared, key, failure);
    }
  }

  /** Reports a put that ended without an answer; its exit code. */
  static int report(Root shared, String key, KvException failure) {
    int code = new Failures(shared).report("put '" + key + "'", failure);
    return failure.outcome() == Outcome.APPLIED ? ExitCode.DONE : code;
  }

  static void say(Answer answer, String key, PutResult result) {
    String sentence =
        key
            + " stored at index "
            + result.modIndex()
            + ", version "
            + result.version()
            + Answer.duplicateMark(result.by());
    Json json =
        new Json()
            .with("key", key)
            .with("mod_index", result.modIndex())
            .with("create_index", result.createIndex())
            .with("version", result.version())
            .with("deduplicated", result.by().deduplicated())
            .with("node", result.by().nodeId())
            .with("applied_index", result.by().appliedIndex());
    answer.say(sentence, json);
  }
}
