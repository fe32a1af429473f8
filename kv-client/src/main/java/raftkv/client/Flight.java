package raftkv.client;

import com.google.protobuf.MessageLite;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import raftkv.client.session.Attempts;
import raftkv.client.session.CopyFailure;
import raftkv.client.session.Outcome;
import raftkv.client.session.Recovery;
import raftkv.client.session.RequestId;
import raftkv.client.session.RequestKind;
import raftkv.client.session.SessionWindow;
import raftkv.client.session.Step;

/**
 * One request under way: performs the steps that its {@link Attempts} decide on. Owned by the
 * loop's thread.
 */
final class Flight<Q extends MessageLite, A, R> {
  /** Just below what nodes take, so that what is refused here was not sent. */
  private static final int MAX_REQUEST_BYTES = 4 * 1024 * 1024 - 1024;

  private final Engine engine;
  private final CallStyle style;
  private final Operation<Q, A, R> operation;
  private final Stamp given;
  private final Attempts attempts;
  private final CompletableFuture<R> result;

  private @Nullable SessionWindow window;
  private @Nullable RequestId id;
  private Map<String, String> details = Map.of();
  private long wakeNanos;
  private boolean sentOnce;
  private boolean landed;

  Flight(
      Engine engine,
      CallStyle style,
      Operation<Q, A, R> operation,
      Stamp given,
      long deadlineNanos,
      CompletableFuture<R> result) {
    this.engine = engine;
    this.style = style;
    this.operation = operation;
    this.given = given;
    this.result = result;
    this.attempts =
        new Attempts(
            operation.kind(),
            engine.config().policy(),
            engine.leaders(),
            engine.random(),
            deadlineNanos);
    this.id = given.requestId();
  }

  long deadlineNanos() {
    return attempts.deadlineNanos();
  }

  boolean isUnderWay() {
    return !landed;
  }

  void begin() {
    if (operation.kind() != RequestKind.WRITE_IN_OWN_SESSION) {
      perform(attempts.start(now()));
      return;
    }
    wakeAt(attempts.deadlineNanos());
    engine.sessions().admit(this);
  }

  /** A number in the session's window is this request's. */
  void beginIn(SessionWindow session) {
    window = session;
    id = session.open();
    perform(sentOnce ? attempts.onNewSession(now()) : attempts.start(now()));
  }

  void onNews() {
    if (!landed && sentOnce && hasIdentity()) {
      perform(attempts.onNews(now()));
    }
  }

  /** Whether it may be sent: a write of the own session waits for its number. */
  private boolean hasIdentity() {
    return operation.kind() != RequestKind.WRITE_IN_OWN_SESSION || window != null;
  }

  private void perform(Step step) {
    if (step instanceof Step.Send send) {
      send(send.copy(), send.endpoint());
    } else if (step instanceof Step.Ask ask) {
      engine.ask(ask.endpoint());
    } else if (step instanceof Step.OpenSession open) {
      moveToNewSession(open.sessionStart());
      return;
    } else if (step instanceof Step.Finish finish) {
      fail(failureOf(finish));
      return;
    }
    if (!landed) {
      wakeAt(attempts.nextWakeNanos());
    }
  }

  /** When {@link #onTime} is wanted next. */
  long wakeNanos() {
    return wakeNanos;
  }

  /** The time it asked for has come. */
  void onTime() {
    if (hasIdentity()) {
      perform(attempts.onTimer(now()));
    } else {
      onNeverSent();
    }
  }

  private void wakeAt(long nanos) {
    wakeNanos = nanos;
    engine.alarm().notLaterThan(nanos);
  }

  private void send(int copy, int endpoint) {
    Q message = operation.encode().apply(stamp());
    int bytes = message.getSerializedSize();
    if (bytes > MAX_REQUEST_BYTES) {
      fail(tooLarge(bytes));
      return;
    }
    sentOnce = true;
    NodeChannel node = engine.node(endpoint);
    if (engine.isTraced()) {
      engine.trace(operation.name() + " copy " + copy + " to " + node);
    }
    CopyEnding ending = new CopyEnding(copy, endpoint);
    PipelineForm<Q, A> form = operation.form();
    if (style == CallStyle.PIPELINE && form != null) {
      node.pipeline()
          .call(
              new Pipeline.Waiting<>(
                  operation, form, message, bytes, attempts.deadlineNanos(), ending));
    } else {
      long timeoutNanos = Math.max(1, attempts.deadlineNanos() - now());
      node.call(operation.method(), message, timeoutNanos, ending);
    }
  }

  private Stamp stamp() {
    SessionWindow session = window;
    RequestId own = id;
    if (!hasIdentity()) {
      throw new IllegalStateException("a write without its number would take effect twice");
    }
    if (session == null || own == null) {
      return given;
    }
    return new Stamp(own.clientId(), own.seqNum(), session.ackSeq(), session.sessionStart());
  }

  /** Brings how a copy ended back to the loop, whatever thread it ended on. */
  private final class CopyEnding implements Ending<A> {
    private final int copy;
    private final int endpoint;

    CopyEnding(int copy, int endpoint) {
      this.copy = copy;
      this.endpoint = endpoint;
    }

    @Override
    public void onAnswer(A answer) {
      if (engine.loop().isCurrentThread()) {
        answered(endpoint, answer);
      } else {
        engine.loop().executeIfOpen(() -> answered(endpoint, answer));
      }
    }

    @Override
    public void onFailure(ErrorReader.Reading reading) {
      // Never at once: a call can fail while it is being sent, in the middle of a step.
      engine.loop().executeIfOpen(() -> failed(copy, endpoint, reading));
    }

    @Override
    public boolean isWanted() {
      return !landed;
    }
  }

  private void answered(int endpoint, A answer) {
    engine.learn(endpoint, operation.header().apply(answer));
    if (landed) {
      return;
    }
    if (engine.isTraced()) {
      engine.trace(engine.node(endpoint) + ": " + operation.name() + " answered");
    }
    try {
      land(Outcome.APPLIED);
    } finally {
      // Whatever becomes of those who waited for its place.
      result.complete(operation.result().apply(answer));
    }
  }

  private void failed(int copy, int endpoint, ErrorReader.Reading reading) {
    engine.learn(endpoint, reading.sighting());
    if (landed) {
      return;
    }
    CopyFailure failure = reading.failure();
    if (engine.isTraced()) {
      engine.trace(engine.node(endpoint) + ": " + failure.reason() + ", " + failure.text());
    }
    details = reading.details();
    SessionWindow session = window;
    int width = (int) Math.min(Integer.MAX_VALUE, reading.number("window"));
    if (session != null && width > 0 && failure.reason().equals("SEQ_NUM_AHEAD")) {
      session.narrow(width);
    }
    perform(attempts.onFailure(copy, failure, now()));
  }

  private void moveToNewSession(long sessionStart) {
    SessionWindow evicted = window;
    RequestId old = id;
    window = null;
    id = null;
    wakeAt(attempts.deadlineNanos());
    if (evicted != null && old != null) {
      evicted.settle(old.seqNum());
      engine.sessions().replace(evicted, sessionStart);
    }
    engine.sessions().admit(this);
  }

  /** The deadline passed while the request waited for a session or for room in it. */
  private void onNeverSent() {
    fail(
        new KvException(
            KvException.DEADLINE,
            Outcome.NOT_APPLIED,
            Recovery.LATER,
            "the deadline passed before the request could be sent",
            null,
            details));
  }

  void onClosed() {
    boolean unknown = attempts.mayHaveBeenApplied();
    fail(Engine.closed(unknown ? Outcome.UNKNOWN : Outcome.NOT_APPLIED, id));
  }

  /** Ends it before anything was sent. */
  void abort(KvException why) {
    fail(why);
  }

  private KvException failureOf(Step.Finish finish) {
    CopyFailure last = finish.last();
    if (last == null) {
      return new KvException(
          KvException.DEADLINE,
          finish.outcome(),
          Recovery.LATER,
          "no node answered in time",
          id,
          details);
    }
    String text = last.text() + (finish.deadlinePassed() ? " (no time left for another try)" : "");
    return new KvException(last.reason(), finish.outcome(), last.recovery(), text, id, details);
  }

  private KvException tooLarge(int bytes) {
    return new KvException(
        KvException.REQUEST_TOO_LARGE,
        Outcome.NOT_APPLIED,
        Recovery.NONE,
        "a request of " + bytes + " bytes is above the limit of " + MAX_REQUEST_BYTES,
        null,
        Map.of());
  }

  private void fail(KvException why) {
    if (landed) {
      return;
    }
    land(why.outcome());
    result.completeExceptionally(why);
  }

  private void land(Outcome outcome) {
    landed = true;
    engine.landed(this);
    SessionWindow session = window;
    RequestId own = id;
    if (session == null || own == null) {
      return;
    }
    if (outcome == Outcome.UNKNOWN) {
      session.abandon(own.seqNum());
    } else {
      session.settle(own.seqNum());
    }
    engine.sessions().drain();
  }

  private long now() {
    return engine.loop().nowNanos();
  }
}
