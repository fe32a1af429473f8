package raftkv.node;

import java.util.ArrayList;
import java.util.List;

/**
 * Linearizable reads that are asked for together, in the order of arrival. Nobody may ever answer
 * for them: so those whose deadline has passed are let go when they are more than half. Owned by
 * the loop.
 */
final class ReadBatch {
  private List<ReadCall> calls = new ArrayList<>();
  private int done;

  void add(ReadCall call) {
    calls.add(call);
    call.waitsIn(this);
  }

  /** Whether nobody in it waits any more. */
  boolean isEmpty() {
    return calls.isEmpty();
  }

  /** How many it holds, answered or not. */
  int size() {
    return calls.size();
  }

  /** One of its calls was answered. */
  void onDone() {
    done++;
    if (2 * done > calls.size()) {
      calls.removeIf(ReadCall::isDone);
      done = 0;
    }
  }

  /** Takes out whoever waits. */
  List<ReadCall> takeAll() {
    List<ReadCall> taken = calls;
    calls = new ArrayList<>();
    done = 0;
    taken.forEach(ReadCall::waitsNowhere);
    return taken;
  }
}
