package raftkv.tools;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.storage.disk.IoCause;

/** Runs the tool that the command line names. */
public final class Tools {
  private static final List<String> NAMES = List.of("wal-dump", "snapshot-dump", "verify");

  private Tools() {}

  /** Whether the command line asks for a tool and not for a node. */
  public static boolean isTool(String[] arguments) {
    return arguments.length > 0 && NAMES.contains(arguments[0]);
  }

  /**
   * Runs it.
   *
   * @param arguments the first names the tool
   * @param out takes what it finds
   * @param err takes the one line that says why it cannot
   * @return what the process ends with
   */
  public static ExitCode run(String[] arguments, PrintStream out, PrintStream err) {
    String name = arguments[0];
    List<String> rest = new ArrayList<>(List.of(arguments).subList(1, arguments.length));
    if (rest.contains("--help") || rest.contains("-h")) {
      out.println(usage(name));
      return ExitCode.CLEAN;
    }
    Printer.Form form = rest.remove("--json") ? Printer.Form.JSON : Printer.Form.TEXT;
    if (rest.size() != 1 || rest.get(0).startsWith("--")) {
      err.println("kv-server " + name + ": one path is wanted: " + usage(name));
      return ExitCode.USAGE;
    }
    return run(name, rest.get(0), new Printer(out, form), err);
  }

  private static ExitCode run(String name, String path, Printer printer, PrintStream err) {
    try {
      return tool(name, Path.of(path)).run(printer);
    } catch (Tool.NotOurs foreign) {
      err.println("kv-server " + name + ": " + foreign.getMessage());
      return ExitCode.IDENTITY;
    } catch (IOException unreadable) {
      err.println("kv-server " + name + ": " + path + " cannot be read: " + IoCause.of(unreadable));
      return ExitCode.UNAVAILABLE;
    } catch (StorageFailure unopened) {
      err.println("kv-server " + name + ": " + unopened.getMessage());
      return unopened.exitCode();
    } catch (InvalidPathException wrong) {
      err.println("kv-server " + name + ": " + wrong.getMessage());
      return ExitCode.USAGE;
    }
  }

  private static Tool tool(String name, Path path) {
    return switch (name) {
      case "wal-dump" -> new WalDumpTool(path);
      case "snapshot-dump" -> new SnapshotDumpTool(path);
      default -> new VerifyTool(path);
    };
  }

  private static String usage(String name) {
    return "kv-server " + name + " [--json] " + (name.equals("snapshot-dump") ? "FILE" : "DIR");
  }
}
