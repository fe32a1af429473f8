package raftkv.node;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import raftkv.raft.Check;
import raftkv.raft.LogPosition;

/**
 * Writes that this node has proposed and whose fate is open, under (index, term). A fate shows only
 * when something is committed at the index: the entry itself, or one of another term. Truncation
 * proves nothing, since a later leader may bring the entry back (safety rule 3.1). Owned by the
 * loop.
 */
final class PendingProposals {
  /** What became of one write. */
  record Decided(WriteCall call, boolean applied) {}

  private record Pending(long index, WriteCall call) {}

  /** The proposals of one term, in ascending order of index. */
  private record OfTerm(long term, ArrayDeque<Pending> queue) {}

  private final ArrayDeque<OfTerm> terms = new ArrayDeque<>();

  void add(LogPosition position, WriteCall call) {
    if (terms.isEmpty() || terms.getLast().term() != position.term()) {
      terms.add(new OfTerm(position.term(), new ArrayDeque<>()));
    }
    ArrayDeque<Pending> queue = terms.getLast().queue();
    Check.that(
        queue.isEmpty() || queue.getLast().index() < position.index(),
        "proposals of one term rise",
        queue.isEmpty() ? 0 : queue.getLast().index(),
        position.index());
    queue.add(new Pending(position.index(), call));
  }

  /** Takes the writes that are decided by an entry being committed at that position. */
  List<Decided> takeDecided(LogPosition committed) {
    if (terms.isEmpty()) {
      return List.of();
    }
    List<Decided> decided = new ArrayList<>(1);
    for (Iterator<OfTerm> each = terms.iterator(); each.hasNext(); ) {
      OfTerm ofTerm = each.next();
      ArrayDeque<Pending> queue = ofTerm.queue();
      if (!queue.isEmpty() && queue.getFirst().index() == committed.index()) {
        boolean same = ofTerm.term() == committed.term();
        decided.add(new Decided(queue.removeFirst().call(), same));
      }
      Check.that(
          queue.isEmpty() || queue.getFirst().index() > committed.index(),
          "no proposal is left behind what is committed");
      if (queue.isEmpty()) {
        each.remove();
      }
    }
    return decided;
  }

  /** Takes what waits below or at an index that a snapshot jumped over. */
  List<WriteCall> takeThrough(long index) {
    List<WriteCall> taken = new ArrayList<>();
    for (OfTerm ofTerm : terms) {
      while (!ofTerm.queue().isEmpty() && ofTerm.queue().getFirst().index() <= index) {
        taken.add(ofTerm.queue().removeFirst().call());
      }
    }
    terms.removeIf(ofTerm -> ofTerm.queue().isEmpty());
    return taken;
  }

  /** All that are not answered, in the order in which they were proposed. They stay. */
  List<WriteCall> calls() {
    List<WriteCall> calls = new ArrayList<>();
    for (OfTerm ofTerm : terms) {
      for (Pending pending : ofTerm.queue()) {
        if (!pending.call().isDone()) {
          calls.add(pending.call());
        }
      }
    }
    return calls;
  }
}
