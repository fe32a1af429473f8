package raftkv.simulation.client;

import java.util.function.BiConsumer;
import raftkv.client.session.Attempts;
import raftkv.client.session.CopyFailure;
import raftkv.client.session.Step;
import raftkv.simulation.time.Timeline;

/** One request under way: performs the steps that its {@link Attempts} decide on. */
final class Flight {
  /** How a flight sends one copy. */
  interface Sending {
    /** Sends to that endpoint; the reply is given to the consumer with the endpoint's number. */
    void send(int copy, int endpoint, long timeoutNanos, BiConsumer<Integer, Reply> reply);
  }

  /** How a flight ends. */
  interface Landing {
    /** With an answer. */
    void answered(Reply.Answered answer);

    /** Without. */
    void finished(Step.Finish finish);

    /** It needs an identity in a new session, to go on with {@link Flight#resume}. */
    void openSession(long sessionStart);
  }

  private final SimClient client;
  private final Attempts attempts;
  private final Sending sending;
  private final Landing landing;
  private Timeline.Event timer;
  private boolean landed;

  Flight(SimClient client, Attempts attempts, Sending sending, Landing landing) {
    this.client = client;
    this.attempts = attempts;
    this.sending = sending;
    this.landing = landing;
    this.timer = client.timeline().after(0, () -> perform(attempts.start(now())));
  }

  void resume() {
    perform(attempts.onNewSession(now()));
  }

  void onNews() {
    if (!landed) {
      perform(attempts.onNews(now()));
    }
  }

  private void perform(Step step) {
    if (step instanceof Step.Send send) {
      long timeout = Math.max(1, attempts.deadlineNanos() - now());
      sending.send(
          send.copy(),
          send.endpoint(),
          timeout,
          (endpoint, reply) -> onReply(send.copy(), endpoint, reply));
    } else if (step instanceof Step.Ask ask) {
      client.ask(ask.endpoint());
    } else if (step instanceof Step.OpenSession open) {
      landing.openSession(open.sessionStart());
      return;
    } else if (step instanceof Step.Finish finish) {
      land();
      landing.finished(finish);
      return;
    }
    if (!landed) {
      timer.cancel();
      timer =
          client.timeline().at(attempts.nextWakeNanos(), () -> perform(attempts.onTimer(now())));
    }
  }

  private void onReply(int copy, int endpoint, Reply reply) {
    client.learn(endpoint, reply.sighting());
    if (landed) {
      return;
    }
    if (reply instanceof Reply.Answered answer) {
      land();
      landing.answered(answer);
    } else {
      CopyFailure failure = ((Reply.Failed) reply).failure();
      perform(attempts.onFailure(copy, failure, now()));
    }
  }

  private void land() {
    landed = true;
    timer.cancel();
    client.landed(this);
  }

  private long now() {
    return client.timeline().nowNanos();
  }
}
