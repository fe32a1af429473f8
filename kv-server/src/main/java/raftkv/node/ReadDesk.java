package raftkv.node;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.node.DeadlineQueue.Deadline;
import raftkv.node.ReadRequest.Stale;
import raftkv.port.Fence;
import raftkv.port.StateMachine;
import raftkv.raft.Check;
import raftkv.raft.NodeView;
import raftkv.raft.ReadOutcome;
import raftkv.raft.ReadResult;

/**
 * Decides when the state machine may be read (safety.md §2). Linearizable reads of one turn share
 * one question to the core; when it is confirmed they wait until the read index is applied. Stale
 * reads wait for their index alone, and after a start until what was known to be committed is
 * applied again (hazard 44). Owned by the loop.
 */
final class ReadDesk {
  /**
   * Questions without an answer, more than are under way on a slow network. A leader may be gone
   * without this node's noticing, and the core keeps each question until some leader answers.
   */
  private static final int MAX_ASKED = 1_024;

  private final Situation situation;
  private final StateMachine machine;
  private final IndexWaiters applied;

  /** Not asked yet, or to be asked again. */
  private ReadBatch unasked = new ReadBatch();

  private final Map<Long, ReadBatch> asked = new LinkedHashMap<>();

  /** Wait for an index to be applied. */
  private final Set<ReadCall> behind = new LinkedHashSet<>();

  private long lastReadId;

  ReadDesk(Situation situation, StateMachine machine, IndexWaiters applied) {
    this.situation = situation;
    this.machine = machine;
    this.applied = applied;
  }

  void begin(ReadRequest request, Consumer<ReadAnswer> answer) {
    ReadCall call = new ReadCall(request, answer);
    if (situation.isEnded()) {
      call.answer(new ReadAnswer.NotReady("stopping"));
      return;
    }
    if (!situation.open()) {
      call.answer(new ReadAnswer.Overloaded("requests that wait for an answer"));
      return;
    }
    call.deadline(situation.deadlines.at(call.deadlineNanos(), () -> onDeadline(call)));
    Fence reportable = situation.reportable();
    Stale stale = call.stale();
    if (reportable != null) {
      finish(call, new ReadAnswer.Diverged(reportable));
    } else if (stale == null) {
      unasked.add(call);
    } else {
      awaitApplied(call, Math.max(stale.minIndex(), situation.replayTarget()));
    }
  }

  /** Asks the core once for all reads of this turn, after its requests were drained. */
  void ask() {
    if (!mayAsk()) {
      return;
    }
    long readId = lastReadId + 1;
    ReadResult result = situation.raft.confirmRead(readId);
    if (result instanceof ReadResult.Queued) {
      lastReadId = readId;
      asked.put(readId, unasked);
      unasked = new ReadBatch();
    } else {
      Check.that(result instanceof ReadResult.NoLeader, "every answer to a read is known");
    }
  }

  /** Whether reads wait that somebody could confirm. */
  boolean mayAsk() {
    return !unasked.isEmpty()
        && asked.size() < MAX_ASKED
        && situation.mayGiveResults()
        && situation.raft.leader() != null;
  }

  /** How many linearizable reads it holds that wait for a leader's word, answered or not. */
  int held() {
    int held = unasked.size();
    for (ReadBatch batch : asked.values()) {
      held += batch.size();
    }
    return held;
  }

  /** What the core says of a question. */
  void onOutcome(ReadOutcome outcome) {
    ReadBatch batch = asked.remove(outcome.readId());
    if (batch == null) {
      return;
    }
    List<ReadCall> calls = batch.takeAll();
    if (outcome instanceof ReadOutcome.Confirmed confirmed) {
      for (ReadCall call : calls) {
        awaitApplied(call, confirmed.readIndex());
      }
    } else {
      Check.that(outcome instanceof ReadOutcome.Abandoned, "every outcome of a read is known");
      calls.forEach(this::holdBack);
    }
  }

  private void holdBack(ReadCall call) {
    if (!call.isDone()) {
      unasked.add(call);
    }
  }

  private void awaitApplied(ReadCall call, long index) {
    if (call.isDone()) {
      return;
    }
    if (machine.appliedIndex() >= index) {
      settle(call);
    } else {
      behind.add(call);
      call.waitsAt(applied.await(index, () -> settle(call)));
    }
  }

  private void settle(ReadCall call) {
    if (!situation.mayGiveResults()) {
      refuse(call);
      return;
    }
    ReadAnswer tooStale = tooStale(call.stale());
    finish(call, tooStale == null ? new ReadAnswer.ReadNow(machine.appliedIndex()) : tooStale);
  }

  private @Nullable ReadAnswer tooStale(@Nullable Stale stale) {
    if (stale == null || stale.maxStalenessNanos() == 0) {
      return null;
    }
    NodeView view = situation.raft.view();
    long freshAsOf = situation.standstills.certain(view.freshAsOfNanos());
    // In the turn in which a snapshot arrives the core is there already, and the machine is not.
    boolean isKnown = freshAsOf >= 0 && machine.appliedIndex() >= view.appliedIndex();
    long lag = isKnown ? Math.max(0, situation.clock() - freshAsOf) : -1;
    return lag >= 0 && lag <= stale.maxStalenessNanos()
        ? null
        : new ReadAnswer.TooStale(lag, situation.raft.leader());
  }

  private void onDeadline(ReadCall call) {
    IndexWaiters.Place place = call.place();
    Fence reportable = situation.reportable();
    if (reportable != null) {
      finish(call, new ReadAnswer.Diverged(reportable));
    } else if (!situation.mayGiveResults()) {
      finish(call, new ReadAnswer.NotReady(Situation.COMPARING));
    } else if (place != null) {
      finish(call, notApplied(call.stale(), place.index()));
    } else {
      String notReady = situation.notReady();
      finish(
          call, notReady == null ? new ReadAnswer.NoLeader() : new ReadAnswer.NotReady(notReady));
    }
  }

  /** Only who has named an index is told that it lies ahead. */
  private ReadAnswer notApplied(@Nullable Stale stale, long awaited) {
    if (machine.appliedIndex() < situation.replayTarget()) {
      return new ReadAnswer.NotReady(Situation.REPLAYING);
    }
    return stale == null
        ? new ReadAnswer.NotReady("recovering: applying what is committed")
        : new ReadAnswer.FutureIndex(awaited, machine.appliedIndex());
  }

  /** The replica was found to differ: whatever waits is told so, once that may be told. */
  void onDiverged() {
    for (ReadCall call : all()) {
      refuse(call);
    }
  }

  private void refuse(ReadCall call) {
    Fence reportable = situation.reportable();
    if (reportable != null) {
      finish(call, new ReadAnswer.Diverged(reportable));
    } else {
      // Fenced, and the fence is not on disk yet: held back until it is.
      leaveWaiters(call);
      holdBack(call);
    }
  }

  /** The process ends. */
  void endAll() {
    for (ReadCall call : all()) {
      finish(call, new ReadAnswer.NotReady("stopping"));
    }
  }

  /** Takes out whoever waits; those that wait for an index stay in that queue. */
  private List<ReadCall> all() {
    List<ReadCall> calls = unasked.takeAll();
    for (ReadBatch batch : asked.values()) {
      calls.addAll(batch.takeAll());
    }
    asked.clear();
    calls.addAll(behind);
    return calls;
  }

  private void leaveWaiters(ReadCall call) {
    IndexWaiters.Place place = call.place();
    if (place != null) {
      applied.leave(place);
      behind.remove(call);
      call.waitsNowhere();
    }
  }

  private void finish(ReadCall call, ReadAnswer outcome) {
    if (call.isDone()) {
      return;
    }
    Deadline deadline = call.deadline();
    if (deadline != null) {
      situation.deadlines.cancel(deadline);
    }
    leaveWaiters(call);
    situation.closed();
    call.answer(outcome);
    ReadBatch batch = call.batch();
    if (batch != null) {
      batch.onDone();
    }
  }
}
