package raftkv.node;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import raftkv.node.DeadlineQueue.Deadline;
import raftkv.node.WriteCall.State;
import raftkv.node.WriteOutcome.Cause;
import raftkv.port.Fence;
import raftkv.port.ForwardReply;
import raftkv.port.LogRoom;
import raftkv.port.Transport.ForwardRequest;
import raftkv.raft.Bytes;
import raftkv.raft.Check;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.ProposeResult;
import raftkv.raft.Room;

/**
 * Brings each write to whoever leads and waits for its fate (safety.md §3): proposes it here or
 * forwards it one hop, waits out elections within the deadline, and answers once. Owned by the
 * loop.
 */
final class WriteDesk {
  private static final WriteOutcome NO_ROOM_AT_LEADER =
      new WriteOutcome.Overloaded("writes under way to the leader");

  private final Situation situation;
  private final NodePorts ports;

  /** None: a snapshot has to come first. */
  private final Supplier<LogRoom> heapRoom;

  private final PendingProposals pending = new PendingProposals();

  private final ForwardedWrites forwarded = new ForwardedWrites();
  private final WaitingWrites waiting;

  private @Nullable Deadline reroute;
  private long ledTerm;

  /** Of the answers to what was proposed here and is not decided. */
  private long answerBytes;

  WriteDesk(Situation situation, NodePorts ports, Supplier<LogRoom> heapRoom) {
    this.situation = situation;
    this.ports = ports;
    this.heapRoom = heapRoom;
    this.waiting = new WaitingWrites(situation.config.maxQueuedBytes());
  }

  /** Takes a client's write, or refuses it at once. */
  void begin(WriteRequest request, Consumer<WriteOutcome> answer) {
    begin(new WriteCall(request, answer));
  }

  /** Takes a write that another node has forwarded: it is not passed on again. */
  void beginForwarded(ForwardRequest request, Consumer<ForwardReply> reply) {
    WriteRequest write =
        new WriteRequest(
            request.command(),
            request.identified(),
            WriteRequest.Routing.LEADER_ONLY,
            situation.now() + Math.max(0, request.remainingNanos()));
    begin(new WriteCall(write, outcome -> reply.accept(Forwarding.reply(outcome))));
  }

  private void begin(WriteCall call) {
    if (situation.isEnded()) {
      call.answer(new WriteOutcome.NotReady("stopping"));
      return;
    }
    if (!situation.open()) {
      call.answer(new WriteOutcome.Overloaded("requests that wait for an answer"));
      return;
    }
    call.deadline(situation.deadlines.at(call.request.deadlineNanos(), () -> onDeadline(call)));
    route(call);
  }

  private void route(WriteCall call) {
    Fence doubt = situation.doubt();
    if (doubt != null) {
      // Nobody knows which replica is right: the leader's may be the wrong one.
      finish(call, new WriteOutcome.Diverged(doubt));
    } else if (situation.raft.isLeader()) {
      lead(call);
    } else {
      follow(call);
    }
  }

  private void lead(WriteCall call) {
    if (situation.isStopping() || situation.isFenced()) {
      // Leadership is on its way to another node.
      await(call);
    } else {
      propose(call);
    }
  }

  private void follow(WriteCall call) {
    NodeId leader = situation.raft.leader();
    if (call.request.routing() == WriteRequest.Routing.LEADER_ONLY) {
      finish(call, new WriteOutcome.NotLeader(leader));
    } else if (leader == null || (call.wasForwarded() && isTooLate(call))) {
      await(call);
    } else if (waiting.hasQueued() || !forwarded.hasRoomFor(call, leader)) {
      queue(call);
    } else {
      forward(call, leader);
    }
  }

  /** A copy sent now would come back unknown, where it is certain that none was taken. */
  private boolean isTooLate(WriteCall call) {
    return call.request.deadlineNanos() - situation.now() < situation.config.rerouteNanos();
  }

  private void propose(WriteCall call) {
    WriteOutcome refusal = refusal(call);
    if (refusal != null) {
      finish(call, refusal);
      return;
    }
    int answer = ports.machine().answerBytes(call.command());
    if (answerBytes > 0 && answerBytes + answer > situation.config.maxAnswerBytes()) {
      finish(call, new WriteOutcome.Overloaded("entries to be answered with"));
      return;
    }
    ProposeResult result = situation.raft.propose(call.command(), wantedRoom(call));
    if (result instanceof ProposeResult.Accepted accepted) {
      call.becomesProposed(answer);
      answerBytes += answer;
      pending.add(accepted.position(), call);
      ledTerm = accepted.position().term();
    } else if (result instanceof ProposeResult.Overloaded) {
      finish(call, new WriteOutcome.Overloaded("proposals that wait to be committed"));
    } else if (result instanceof ProposeResult.DiskFull) {
      finish(call, new WriteOutcome.DiskFull());
    } else {
      boolean later =
          result instanceof ProposeResult.HandingOver || result instanceof ProposeResult.NotLeader;
      Check.that(later, "every answer to a proposal is known");
      await(call);
    }
  }

  /** What is found before the core is asked; null if nothing is wrong. */
  private @Nullable WriteOutcome refusal(WriteCall call) {
    String malformed = ports.machine().refuse(call.command());
    if (malformed != null) {
      return new WriteOutcome.Invalid(malformed);
    }
    if (ports.log().unwrittenBytes() > situation.config.maxUnwrittenBytes()) {
      return new WriteOutcome.Overloaded("bytes on their way to the disk");
    }
    Room wanted = wantedRoom(call);
    LogRoom onHeap = heapRoom.get();
    if (onHeap == LogRoom.NONE) {
      return new WriteOutcome.Overloaded("log behind the last snapshot");
    }
    if (onHeap == LogRoom.RESERVE && wanted != Room.RESERVE) {
      return new WriteOutcome.Overloaded("keys and values for this heap: only deletes are taken");
    }
    return hasRoom(wanted, call.command().length()) ? null : new WriteOutcome.DiskFull();
  }

  private Room wantedRoom(WriteCall call) {
    return ports.machine().makesRoom(call.command()) ? Room.RESERVE : Room.FREE;
  }

  /** Once its disk is known to be full, the core decides: another node may have room. */
  private boolean hasRoom(Room wanted, int bytes) {
    LogRoom room = ports.log().room(bytes);
    return wanted == Room.RESERVE
        ? room != LogRoom.NONE
        : room == LogRoom.FREE || situation.isDiskFull();
  }

  private void await(WriteCall call) {
    if (mayWait(call)) {
      call.becomes(State.WAITING);
      waiting.add(call);
      armReroute();
    }
  }

  private void queue(WriteCall call) {
    if (mayWait(call)) {
      call.becomes(State.QUEUED);
      waiting.queue(call);
      armReroute();
    }
  }

  /** Else it is refused. What comes back from another node is bounded by what may be there. */
  private boolean mayWait(WriteCall call) {
    if (!call.wasForwarded() && !waiting.hasRoomFor(call)) {
      finish(call, new WriteOutcome.Overloaded("bytes of writes that wait for a leader"));
    }
    return !call.isDone();
  }

  private void armReroute() {
    if (reroute == null) {
      long at = situation.now() + situation.config.rerouteNanos();
      reroute = situation.deadlines.at(at, this::onReroute);
    }
  }

  private void onReroute() {
    reroute = null;
    routeWaiting();
  }

  /** Tries again all that nobody has taken yet: after each change of leadership, and by timer. */
  void routeWaiting() {
    waiting.takeAll().forEach(this::route);
  }

  // Forwarding.

  private void forward(WriteCall call, NodeId leader) {
    long remaining = RequestDeadline.shortened(call.request.deadlineNanos() - situation.now());
    ForwardRequest request =
        new ForwardRequest(call.command(), call.request.identified(), remaining);
    call.becomesForwarded();
    forwarded.add(call, leader);
    ports.transport().forward(leader, request, reply -> onForwardReply(call, reply));
  }

  /** Sends what there is room for again since the last turn. */
  void forwardQueued() {
    NodeId leader = situation.raft.leader();
    if (leader == null || situation.raft.isLeader() || situation.doubt() != null) {
      return; // Whatever waits is routed anew.
    }
    WriteCall next = waiting.firstQueued();
    while (next != null && forwarded.hasRoomFor(next, leader)) {
      waiting.removeFirstQueued();
      if (isTooLate(next)) {
        finish(next, NO_ROOM_AT_LEADER);
      } else {
        forward(next, leader);
      }
      next = waiting.firstQueued();
    }
  }

  /** Comes between two turns: what it asks for happens in the next. */
  private void onForwardReply(WriteCall call, ForwardReply reply) {
    situation.wake();
    forwarded.remove(call);
    if (call.isDone()) {
      return;
    }
    Check.that(call.state() == State.FORWARDED, "a reply belongs to a forwarded write");
    if (Forwarding.isNotTaken(reply)) {
      // Certainly not proposed there: also a write without an id may be sent again (rule 3.3).
      await(call);
    } else if (reply instanceof ForwardReply.Unknown && call.request.identified()) {
      call.leaveCopyUndecided();
      await(call);
    } else {
      finish(call, Forwarding.outcome(reply));
    }
  }

  // Fates.

  /** Something was committed and applied at that position; the answer is the state machine's. */
  void onApplied(LogPosition position, Bytes answer) {
    for (PendingProposals.Decided decided : pending.takeDecided(position)) {
      WriteOutcome outcome =
          decided.applied()
              ? new WriteOutcome.Applied(position, answer, false)
              : new WriteOutcome.Dropped();
      finish(decided.call(), outcome);
    }
  }

  /**
   * A snapshot took the place of everything up to there: the sessions in it may hold the answer;
   * else nobody here can say (safety rule 3.1).
   */
  void onJump(LogPosition position) {
    for (WriteCall call : pending.takeThrough(position.index())) {
      Bytes answer = ports.machine().answerTo(call.command());
      finish(
          call,
          answer == null || situation.isFenced()
              ? new WriteOutcome.Unknown(Cause.SNAPSHOT)
              : new WriteOutcome.Applied(position, answer, false));
    }
  }

  /**
   * Looks whether leadership of the term of the newest proposals was lost. They stay registered,
   * since their entries often commit a moment later; but not longer than two election timeouts
   * (safety rule 3.2).
   */
  void watchLeadership() {
    boolean leads = situation.raft.isLeader() && situation.raft.term() == ledTerm;
    if (ledTerm == 0 || leads) {
      return;
    }
    ledTerm = 0;
    long patience = 2 * situation.config.raft().elections().timeoutMaxNanos();
    situation.deadlines.at(situation.now() + patience, giveUpOn(pending.calls()));
  }

  private Runnable giveUpOn(List<WriteCall> orphans) {
    return () -> {
      for (WriteCall call : orphans) {
        finish(call, new WriteOutcome.Unknown(Cause.LEADERSHIP_LOST));
      }
    };
  }

  private void onDeadline(WriteCall call) {
    if (call.state() != State.WAITING && call.state() != State.QUEUED) {
      finish(call, new WriteOutcome.Unknown(Cause.DEADLINE));
      return;
    }
    Fence fence = situation.reportedFence();
    String notReady = situation.notReady();
    if (fence != null) {
      finish(call, new WriteOutcome.Diverged(fence));
    } else if (notReady != null) {
      finish(call, new WriteOutcome.NotReady(notReady));
    } else if (call.state() == State.QUEUED) {
      finish(call, NO_ROOM_AT_LEADER);
    } else {
      finish(call, new WriteOutcome.NoLeader());
    }
  }

  /** This replica's results mean nothing from now on (safety rule 7.1), or nobody's do. */
  void onDiverged() {
    for (WriteCall call : pending.calls()) {
      finish(call, new WriteOutcome.Unknown(Cause.FENCED));
    }
    routeWaiting();
  }

  /** Ends everything: what was sent is unknown, the rest certainly not applied. */
  void endAll(Cause cause, WriteOutcome ofWaiting) {
    for (WriteCall call : pending.takeThrough(Long.MAX_VALUE)) {
      finish(call, new WriteOutcome.Unknown(cause));
    }
    for (WriteCall call : forwarded.calls()) {
      finish(call, new WriteOutcome.Unknown(cause));
    }
    for (WriteCall call : waiting.takeAll()) {
      finish(call, ofWaiting);
    }
  }

  /** Whether no write of this node is under way. */
  boolean isIdle() {
    return forwarded.isEmpty() && pending.calls().isEmpty() && waiting.isIdle();
  }

  private void finish(WriteCall call, WriteOutcome outcome) {
    if (call.isDone()) {
      return;
    }
    Deadline deadline = call.deadline();
    if (deadline != null) {
      situation.deadlines.cancel(deadline);
    }
    situation.closed();
    if (call.state() == State.FORWARDED) {
      forwarded.remove(call);
    }
    answerBytes -= call.answerBytes();
    call.answer(call.truthOf(outcome));
  }
}
