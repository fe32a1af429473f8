package raftkv.cli;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import raftkv.client.KvEntry;
import raftkv.client.ListPage;
import raftkv.client.PageRequest;

/** Prints keys and values, page by page. */
@Command(
    name = "list",
    description = "Print keys and values, in the order of the keys' bytes.",
    footer = {"", "Without --timeout each page has 5s, however many there are."})
final class ListCommand implements Callable<Integer> {
  private static final int MAX_PAGE = 1_000;

  @ParentCommand private @Nullable Root root;
  @Mixin private ReadFlags flags = new ReadFlags();

  @Option(names = "--limit", paramLabel = "N", description = "Print N entries at most.")
  private long limit = Long.MAX_VALUE;

  @Option(names = "--page-size", paramLabel = "N", description = "Entries asked for at a time.")
  private int pageSize;

  @Option(names = "--keys", description = "Print keys alone.")
  private boolean keysOnly;

  @Parameters(arity = "0..1", paramLabel = "PREFIX", description = "Only keys that begin so.")
  private String prefix = "";

  @Override
  public Integer call() {
    if (limit < 0) {
      throw new UsageMistake("--limit " + limit + " is negative");
    }
    Root shared = Objects.requireNonNull(root);
    Answer answer = new Answer(shared);
    PageRequest.Part part = keysOnly ? PageRequest.Part.KEYS : PageRequest.Part.ENTRIES;
    // A size of the user's own goes out as it is, so that the server's refusal can be seen.
    int size = pageSize != 0 ? pageSize : (int) Math.min(limit, MAX_PAGE);
    PageRequest next = new PageRequest(prefix, size, "", part);
    long left = limit;
    TimeLeft time = new TimeLeft(shared.timeoutOr(Root.DEFAULT_TIMEOUT));
    // Whoever reads the output may have seen enough; checkError is true for good then.
    while (left > 0 && !shared.terminal().out().checkError()) {
      Duration patience = shared.hasTimeout() ? time.rest() : Root.DEFAULT_TIMEOUT;
      ListPage page = Waiting.on(shared.client().async().list(next, flags.mode(), patience));
      for (KvEntry entry : page.entries()) {
        if (left-- > 0) {
          answer.listed(entry, !keysOnly);
        }
      }
      if (page.nextPageToken().isEmpty()) {
        break;
      }
      next = next.after(page);
    }
    return ExitCode.DONE;
  }
}
