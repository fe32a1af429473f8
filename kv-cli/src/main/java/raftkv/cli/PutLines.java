package raftkv.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import raftkv.client.KvException;
import raftkv.client.KvValue;
import raftkv.client.PutResult;
import raftkv.client.WriteOptions;

/**
 * Stores keys and values, so many at a time that a client holds them, and that the time of each
 * runs from when it is its turn; tells of each, in the order of the file.
 */
final class PutLines {
  /** Twice what a client has in flight: while the oldest is waited for, the others go on. */
  private static final int WIDTH = 128;

  private final Root root;
  private final WriteOptions options;
  private final Answer answer;
  private final Deque<Put> underWay = new ArrayDeque<>();
  private int code = ExitCode.DONE;
  private int stored;

  /** Others would only wait in vain for as long as this one did, one after another. */
  private boolean inVain;

  private record Put(String key, CompletableFuture<PutResult> result) {}

  PutLines(Root root, WriteOptions options) {
    this.root = root;
    this.options = options;
    this.answer = new Answer(root);
  }

  /** Stores them; the worst of the exit codes. */
  int run(Map<String, KvValue> values) {
    int unsent = 0;
    for (Map.Entry<String, KvValue> value : values.entrySet()) {
      if (underWay.size() == WIDTH) {
        endOldest();
      }
      if (inVain) {
        unsent++;
      } else {
        send(value.getKey(), value.getValue());
      }
    }
    while (!underWay.isEmpty()) {
      endOldest();
    }
    if (unsent > 0) {
      answer.note("the last " + unsent + " keys were not sent");
    }
    if (!answer.isJson()) {
      root.terminal().out().println(stored + " of " + values.size() + " keys stored");
    }
    return code;
  }

  private void send(String key, KvValue value) {
    underWay.add(new Put(key, root.client().async().put(key, value, options)));
  }

  private void endOldest() {
    Put put = underWay.remove();
    try {
      PutCommand.say(answer, put.key(), Waiting.on(put.result()));
      stored++;
    } catch (KvException failure) {
      int its = PutCommand.report(root, put.key(), failure);
      stored += its == ExitCode.DONE ? 1 : 0;
      inVain |= its == ExitCode.UNAVAILABLE || its == ExitCode.UNKNOWN;
      code = ExitCode.worse(code, its);
    }
  }
}
