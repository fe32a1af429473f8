package raftkv.bench.failover;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A node's log, read as it grows. */
final class LogTail {
  private final Path log;

  /** How much of it was read. */
  private int read;

  LogTail(Path log) {
    this.log = log;
  }

  /**
   * The lines that were written since the last call. One that is being written waits for the next
   * call: of its halves the first might lack its words, and the second has no time.
   */
  List<String> newLines() throws IOException {
    byte[] all = Files.readAllBytes(log);
    int end = all.length;
    while (end > read && all[end - 1] != '\n') {
      end--;
    }
    String text = new String(all, read, end - read, StandardCharsets.UTF_8);
    read = end;
    return text.lines().toList();
  }
}
