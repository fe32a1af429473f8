package raftkv.simulation.client;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import raftkv.client.session.Attempts;
import raftkv.client.session.LeaderMap;
import raftkv.client.session.Questions;
import raftkv.client.session.RequestKind;
import raftkv.client.session.RetryPolicy;
import raftkv.client.session.Sighting;
import raftkv.node.WriteRequest;
import raftkv.raft.Bytes;
import raftkv.raft.Xoshiro256;
import raftkv.simulation.check.Tally;
import raftkv.simulation.time.Timeline;
import raftkv.simulation.trace.Happening;
import raftkv.simulation.trace.Trace;

/** One client, asking for one thing after the other until it is told to stop. */
public final class SimClient {
  private static final int KEPT_COMMANDS = 64;

  private final int number;
  private final Surroundings around;
  private final ClientHabits habits;
  private final LeaderMap leaders;
  private final Questions questions = new Questions(RetryPolicy.DEFAULT);
  private final Sessions sessions;
  private final List<Flight> flights = new ArrayList<>();
  private final List<Bytes> oldCommands = new ArrayList<>();
  private final Writing writing;
  private final Reading reading;
  private long requests;
  private boolean opening;
  private boolean stopped;

  /** What clients share. */
  public record Surroundings(
      Timeline timeline,
      RandomGenerator random,
      Doors doors,
      Ledger ledger,
      Tally tally,
      Trace trace) {}

  /** A client that does nothing yet. */
  public SimClient(int number, Surroundings around, ClientHabits habits) {
    this.number = number;
    this.around = around;
    this.habits = habits;
    List<String> endpoints = new ArrayList<>();
    for (int i = 1; i <= around.doors.count(); i++) {
      endpoints.add(Doors.address(i));
    }
    this.leaders = new LeaderMap(endpoints);
    this.sessions = new Sessions(number, habits.style());
    this.writing = new Writing(this);
    this.reading = new Reading(this);
  }

  /** Begins. */
  public void start() {
    around.timeline.after(draw(0, habits.thinkNanos()), this::next);
  }

  /** Asks for nothing new any more. */
  public void stop() {
    stopped = true;
  }

  private void next() {
    if (stopped) {
      return;
    }
    around.timeline.after(draw(habits.thinkNanos() / 2, habits.thinkNanos() * 3 / 2), this::next);
    maybeSendZombie();
    if (flights.size() >= habits.maxOpen()) {
      return;
    }
    if (!sessions.isOpen()) {
      openSession();
    } else if (draw(1, 100) <= 60 && sessions.hasRoom()) {
      writing.begin();
    } else {
      reading.begin();
    }
  }

  /** An old request comes again, however long ago it was: it must not take effect again. */
  private void maybeSendZombie() {
    if (!oldCommands.isEmpty() && draw(1, 1_000) <= habits.zombieRate()) {
      Bytes command = oldCommands.get((int) draw(0, oldCommands.size() - 1));
      around.tally.count(Tally.Kind.ZOMBIE_COPY);
      sendCopy(command, anyEndpoint());
    }
  }

  /** A copy whose answer nobody waits for. */
  void sendCopy(Bytes command, int endpoint) {
    around.doors.write(
        endpoint,
        command,
        new WriteRequest(command, true, WriteRequest.Routing.ANY, 0),
        habits.timeoutNanos(),
        reply -> learn(endpoint, reply.sighting()));
  }

  /** Before the first write a node is asked for its applied index (safety rule 4.4). */
  private void openSession() {
    if (opening) {
      return;
    }
    opening = true;
    int endpoint = anyEndpoint();
    around.doors.status(
        endpoint,
        habits.timeoutNanos(),
        reply -> {
          opening = false;
          learn(endpoint, reply.sighting());
          if (reply instanceof Reply.Answered answer && !sessions.isOpen()) {
            sessions.open(answer.index());
          }
        });
  }

  // What requests need.

  Flight launch(RequestKind kind, Flight.Sending sending, Flight.Landing landing) {
    long deadline = around.timeline.nowNanos() + habits.timeoutNanos();
    Attempts attempts = new Attempts(kind, RetryPolicy.DEFAULT, leaders, around.random, deadline);
    Flight flight = new Flight(this, attempts, sending, landing);
    flights.add(flight);
    return flight;
  }

  void landed(Flight flight) {
    flights.remove(flight);
  }

  void learn(int endpoint, @Nullable Sighting sighting) {
    if (sighting != null && leaders.learn(endpoint, sighting)) {
      for (Flight flight : List.copyOf(flights)) {
        around.timeline.after(0, flight::onNews);
      }
    }
  }

  /** Asks an endpoint who leads, unless that was done a moment ago. */
  void ask(int endpoint) {
    if (questions.mayAsk(around.timeline.nowNanos())) {
      around.doors.status(endpoint, Timeline.SECOND, reply -> learn(endpoint, reply.sighting()));
    }
  }

  /** Keeps a request that was answered, sealed or given up, to be sent again some day. */
  void remember(Bytes command) {
    if (oldCommands.size() < KEPT_COMMANDS) {
      oldCommands.add(command);
    } else {
      oldCommands.set((int) draw(0, KEPT_COMMANDS - 1), command);
    }
  }

  long nextRequest() {
    return ++requests;
  }

  String drawKey() {
    long epoch = around.timeline.nowNanos() / habits.epochNanos();
    return "k" + epoch + "." + draw(1, habits.keys());
  }

  long draw(long from, long to) {
    return Xoshiro256.between(around.random, from, to);
  }

  int anyEndpoint() {
    return (int) draw(0, around.doors.count() - 1);
  }

  Ledger.Asked asked(String key, raftkv.simulation.history.Call call) {
    return new Ledger.Asked(
        number, key, call, around.timeline.nowNanos(), around.ledger.knownIndex());
  }

  void traced(Happening kind, long first, long second, long third) {
    around.trace.add(kind, number, first, second, third);
  }

  int number() {
    return number;
  }

  Timeline timeline() {
    return around.timeline;
  }

  Surroundings around() {
    return around;
  }

  ClientHabits habits() {
    return habits;
  }

  Sessions sessions() {
    return sessions;
  }
}
