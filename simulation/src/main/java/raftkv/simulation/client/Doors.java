package raftkv.simulation.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import raftkv.client.session.CopyFailure;
import raftkv.kv.KvStateMachine;
import raftkv.node.ReadAnswer;
import raftkv.node.ReadRequest;
import raftkv.node.RequestDeadline;
import raftkv.node.Requests;
import raftkv.node.WriteRequest;
import raftkv.raft.Bytes;
import raftkv.raft.Xoshiro256;
import raftkv.simulation.node.SimNode;
import raftkv.simulation.time.SimEventLoop;
import raftkv.simulation.time.Timeline;

/** Carries clients' calls to nodes and answers back. Endpoints are the nodes in order, from 0. */
public final class Doors {
  private static final int WHOLE = 1_000;

  private final Timeline timeline;
  private final RandomGenerator random;
  private final List<SimNode> nodes;
  private final List<Call> open = new ArrayList<>();
  private int lossRate;

  /** Doors of those nodes. */
  public Doors(Timeline timeline, RandomGenerator random, List<SimNode> nodes) {
    this.timeline = timeline;
    this.random = random;
    this.nodes = nodes;
  }

  /** How many calls, and how many answers, out of 1,000 are lost. */
  public void loses(int rate) {
    lossRate = rate;
  }

  int count() {
    return nodes.size();
  }

  static String address(int node) {
    return "node" + node + ":" + (9_000 + node);
  }

  /** A process ended: whoever waits for its answer learns that it does not come. */
  public void gone(SimNode node) {
    for (Call call : List.copyOf(open)) {
      if (call.node == node && call.arrived) {
        timeline.after(travelNanos(), () -> call.end(lost()));
      }
    }
  }

  private static Reply lost() {
    return Wording.failed(null, CopyFailure.lost("no answer"));
  }

  /** A write; one answer comes, at the latest when the time is over. */
  void write(
      int endpoint, Bytes command, WriteRequest request, long timeoutNanos, Consumer<Reply> to) {
    Call call = new Call(nodes.get(endpoint), to, timeoutNanos);
    call.carry(
        requests -> {
          long answerBy = call.answerBy(requests);
          requests.write(
              new WriteRequest(command, request.identified(), request.routing(), answerBy),
              outcome ->
                  call.answer(Wording.written(outcome, requests.header(), timeline.baseNanos())));
        });
  }

  /** A read of whatever the function takes from the state. */
  void read(
      int endpoint,
      ReadRequest.Consistency consistency,
      Function<KvStateMachine, Object> view,
      long timeoutNanos,
      Consumer<Reply> to) {
    Call call = new Call(nodes.get(endpoint), to, timeoutNanos);
    call.carry(
        requests ->
            requests.read(
                new ReadRequest(consistency, call.answerBy(requests)),
                answer -> call.answer(read(call, requests, answer, view))));
  }

  private Reply read(
      Call call, Requests requests, ReadAnswer answer, Function<KvStateMachine, Object> view) {
    if (answer instanceof ReadAnswer.ReadNow now) {
      Object seen = view.apply(call.node.machine());
      return new Reply.Answered(
          Wording.sighting(requests.header()), seen, now.appliedIndex(), timeline.baseNanos());
    }
    return Wording.failed(Wording.sighting(requests.header()), Wording.unread(answer));
  }

  /** Who leads, and how far the node is. */
  void status(int endpoint, long timeoutNanos, Consumer<Reply> to) {
    Call call = new Call(nodes.get(endpoint), to, timeoutNanos);
    call.carry(
        requests ->
            requests.status(
                status ->
                    call.answer(
                        new Reply.Answered(
                            Wording.sighting(requests.header()),
                            status,
                            requests.header().appliedIndex(),
                            timeline.baseNanos()))));
  }

  private long travelNanos() {
    return Xoshiro256.between(random, 100 * Timeline.MICRO, 600 * Timeline.MICRO);
  }

  private boolean loses() {
    return lossRate > 0 && Long.remainderUnsigned(random.nextLong(), WHOLE) < lossRate;
  }

  /** One call. */
  private final class Call {
    final SimNode node;
    private final Consumer<Reply> to;
    private final long deadlineNanos;
    private final Timeline.Event deadline;
    private boolean arrived;
    private boolean ended;

    Call(SimNode node, Consumer<Reply> to, long timeoutNanos) {
      this.node = node;
      this.to = to;
      this.deadlineNanos = timeline.nowNanos() + timeoutNanos;
      this.deadline = timeline.after(timeoutNanos, () -> end(lost()));
      open.add(this);
    }

    void carry(Consumer<Requests> task) {
      if (!loses()) {
        timeline.after(travelNanos(), () -> arrive(task));
      }
    }

    private void arrive(Consumer<Requests> task) {
      Requests requests = node.requests();
      if (ended) {
        return;
      }
      if (requests == null) {
        Reply refused = Wording.failed(null, CopyFailure.notSent("connection refused"));
        timeline.after(travelNanos(), () -> end(refused));
        return;
      }
      arrived = true;
      task.accept(requests);
    }

    long answerBy(Requests requests) {
      long remaining = deadlineNanos - timeline.nowNanos();
      return RequestDeadline.answerBy(requests.nowNanos(), remaining);
    }

    /** On the node's loop, at its clock. */
    void answer(Reply reply) {
      SimEventLoop loop = node.loop();
      if (loop == null) {
        return;
      }
      loop.onOutwardCall();
      if (loop.isAlive() && !loses()) {
        timeline.after(travelNanos(), () -> end(reply));
      }
    }

    void end(Reply reply) {
      if (!ended) {
        ended = true;
        deadline.cancel();
        open.remove(this);
        to.accept(reply);
      }
    }
  }
}
