package raftkv.raft;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs a golden script: blocks of comments and commands, {@code ---}, and what came out of them.
 * Running it gives the same text with the output of this run; nothing else is compared.
 *
 * <pre>
 *   # 1 runs for leader.
 *   campaign 1
 *   ---
 *   1@0 became pre-candidate for term 1
 *   1@0 → 2 PreVote for term 1, last 0@0
 * </pre>
 *
 * <p>A command that begins with {@code quiet} leaves out its output. The commands are documented in
 * {@code README.md} beside the scripts.
 */
final class Script {
  private static final String RULE = "---";

  private final Map<String, Consumer<ScriptWords>> commands = new LinkedHashMap<>();
  private final ScriptTrace trace = new ScriptTrace();

  Script() {
    ScriptSetting setting = new ScriptSetting(trace);
    setting.addTo(commands);
    new ScriptTraffic(setting, trace).addTo(commands);
    new ScriptInputs(setting, trace).addTo(commands);
    new ScriptSights(setting, trace).addTo(commands);
  }

  /** The script again, with what its commands give now. */
  static String rerun(String text) {
    Script script = new Script();
    StringBuilder result = new StringBuilder();
    for (String block : text.strip().split("\n\\s*\n", -1)) {
      if (!result.isEmpty()) {
        result.append('\n');
      }
      script.runBlock(block, result);
    }
    return result.toString();
  }

  private void runBlock(String block, StringBuilder result) {
    boolean hasCommands = false;
    for (String line : block.split("\n", -1)) {
      if (line.equals(RULE)) {
        break;
      }
      result.append(line).append('\n');
      if (!line.startsWith("#")) {
        hasCommands = true;
        run(line);
      }
    }
    if (hasCommands) {
      result.append(RULE).append('\n');
      List<String> lines = trace.take();
      for (String line : lines.isEmpty() ? List.of("(nothing)") : lines) {
        result.append(line).append('\n');
      }
    }
  }

  private void run(String line) {
    boolean quiet = line.startsWith("quiet ");
    ScriptWords words = ScriptWords.of(quiet ? line.substring("quiet ".length()) : line);
    Consumer<ScriptWords> command = commands.get(words.name());
    if (command == null) {
      throw new IllegalArgumentException("no command '" + words.name() + "'");
    }
    trace.quiet(quiet);
    try {
      command.accept(words);
    } catch (RuntimeException broken) {
      throw new IllegalStateException("'" + line + "': " + broken.getMessage(), broken);
    } finally {
      trace.quiet(false);
    }
  }
}
