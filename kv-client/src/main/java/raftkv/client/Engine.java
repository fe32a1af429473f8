package raftkv.client;

import com.google.protobuf.MessageLite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import raftkv.client.session.LeaderMap;
import raftkv.client.session.Outcome;
import raftkv.client.session.Questions;
import raftkv.client.session.Recovery;
import raftkv.client.session.RequestId;
import raftkv.client.session.Sighting;
import raftkv.proto.kv.v1.GetRequest;
import raftkv.proto.kv.v1.GetResponse;
import raftkv.proto.kv.v1.ResponseHeader;

/**
 * Runs requests. Everything but {@link #submit} and {@link #close} happens on the loop's thread,
 * which owns all state here and in the flights.
 */
final class Engine implements AutoCloseable {
  /** A question who leads is worth no longer wait. */
  private static final long QUESTION_TIMEOUT_NANOS = 1_000_000_000L;

  /** Long enough for a command line to be over, and short for a service. */
  private static final long REHEARSAL_DELAY_NANOS = 500_000_000L;

  /** What is read to learn who leads; any key will do. */
  private static final String QUESTION_KEY = "who-leads";

  private final ClientConfig config;
  private final ClientLoop loop = new ClientLoop();
  private final List<NodeChannel> nodes = new ArrayList<>();
  private final LeaderMap leaders;
  private final Questions questions;
  private final RandomGenerator random = new SplittableRandom();
  private final SessionKeeper sessions;
  private final Alarm alarm;
  private final Set<Flight<?, ?, ?>> flights = new LinkedHashSet<>();

  Engine(ClientConfig config) {
    this.config = config;
    for (String endpoint : config.endpoints()) {
      nodes.add(new NodeChannel(Address.parse(endpoint), loop));
    }
    this.leaders = new LeaderMap(nodes.stream().map(NodeChannel::toString).toList());
    this.questions = new Questions(config.policy());
    this.sessions = new SessionKeeper(this);
    this.alarm = new Alarm(loop, this::wakeFlights);
    loop.schedule(Engine::rehearse, REHEARSAL_DELAY_NANOS);
  }

  /** What is needed when something goes wrong is loaded while all goes well, beside the loop. */
  private static void rehearse() {
    Thread thread = new Thread(ErrorReader::rehearse, "kv-client-rehearsal");
    thread.setDaemon(true);
    thread.start();
  }

  ClientConfig config() {
    return config;
  }

  ClientLoop loop() {
    return loop;
  }

  LeaderMap leaders() {
    return leaders;
  }

  RandomGenerator random() {
    return random;
  }

  SessionKeeper sessions() {
    return sessions;
  }

  NodeChannel node(int endpoint) {
    return nodes.get(endpoint);
  }

  List<NodeChannel> nodes() {
    return nodes;
  }

  Alarm alarm() {
    return alarm;
  }

  /** Whether anybody listens: otherwise lines need not be made, one by one for each request. */
  boolean isTraced() {
    return config.isTraced();
  }

  void trace(String line) {
    config.trace().accept(line);
  }

  /** Starts a request, under a given identity or none; from any thread. */
  <Q extends MessageLite, A, R> CompletableFuture<R> submit(
      Operation<Q, A, R> operation, Stamp given, CallStyle style) {
    return submit(operation, given, style, config.timeout());
  }

  /** The same, with a time of its own. */
  <Q extends MessageLite, A, R> CompletableFuture<R> submit(
      Operation<Q, A, R> operation, Stamp given, CallStyle style, Duration timeout) {
    CompletableFuture<R> result = new CompletableFuture<>();
    long deadlineNanos = loop.nowNanos() + timeout.toNanos();
    try {
      loop.execute(() -> launch(operation, given, style, deadlineNanos, result));
    } catch (RejectedExecutionException stopped) {
      result.completeExceptionally(closed(Outcome.NOT_APPLIED, null));
    }
    return result;
  }

  /** Starts a request on the loop. */
  <Q extends MessageLite, A, R> void launch(
      Operation<Q, A, R> operation,
      Stamp given,
      CallStyle style,
      long deadlineNanos,
      CompletableFuture<R> result) {
    Flight<Q, A, R> flight = new Flight<>(this, style, operation, given, deadlineNanos, result);
    if (!loop.isOpen()) {
      flight.abort(closed(Outcome.NOT_APPLIED, null));
      return;
    }
    flights.add(flight);
    flight.begin();
  }

  void landed(Flight<?, ?, ?> flight) {
    flights.remove(flight);
  }

  private long wakeFlights(long now) {
    for (Flight<?, ?, ?> flight : List.copyOf(flights)) {
      if (flight.isUnderWay() && flight.wakeNanos() - now <= 0) {
        flight.onTime();
      }
    }
    long pause = Alarm.NEVER;
    for (Flight<?, ?, ?> flight : flights) {
      pause = Math.min(pause, flight.wakeNanos() - now);
    }
    return pause;
  }

  /** An answer arrived from an endpoint: take note of who leads. */
  void learn(int endpoint, ResponseHeader header) {
    leaders.heard(endpoint);
    if (leaders.knows(endpoint, header.getNodeId(), header.getTerm(), header.getLeaderId())) {
      return;
    }
    learn(
        endpoint,
        new Sighting(
            header.getNodeId(),
            header.getTerm(),
            header.getLeaderId(),
            header.getLeaderEndpoint()));
  }

  void learn(int endpoint, @Nullable Sighting sighting) {
    if (sighting == null || !leaders.learn(endpoint, sighting)) {
      return;
    }
    int leader = leaders.leader();
    String who = leader == LeaderMap.NONE ? "no endpoint of ours" : node(leader).toString();
    trace(node(endpoint) + " says: term " + leaders.term() + ", leader " + who);
    for (Flight<?, ?, ?> flight : List.copyOf(flights)) {
      flight.onNews();
    }
  }

  /**
   * Asks an endpoint who leads, if it is time for a question: by a linearizable read, which a node
   * holds until a leader confirms it. So the answer comes when there is news; a node's status would
   * say at once that it still believes in the old leader, and the next question would come after
   * the news.
   */
  void ask(int endpoint) {
    if (!questions.mayAsk(loop.nowNanos())) {
      return;
    }
    trace("no answer so far; asking " + node(endpoint) + " who leads");
    Operation<GetRequest, GetResponse, GetResult> question =
        Reads.get(QUESTION_KEY, ReadMode.LINEARIZABLE);
    node(endpoint)
        .call(
            question.method(),
            question.encode().apply(Stamp.NONE),
            QUESTION_TIMEOUT_NANOS,
            new QuestionEnding(endpoint));
  }

  private final class QuestionEnding implements Ending<GetResponse> {
    private final int endpoint;

    QuestionEnding(int endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    public void onAnswer(GetResponse answer) {
      loop.executeIfOpen(() -> learn(endpoint, answer.getHeader()));
    }

    @Override
    public void onFailure(ErrorReader.Reading reading) {
      trace(node(endpoint) + " does not know either: " + reading.failure().text());
      loop.executeIfOpen(() -> learn(endpoint, reading.sighting()));
    }
  }

  static KvException closed(Outcome outcome, @Nullable RequestId id) {
    return new KvException(
        KvException.CLOSED, outcome, Recovery.NONE, "the client was closed", id, Map.of());
  }

  /** Ends all requests, with what may be said of them, then the connections and the thread. */
  @Override
  public void close() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Runnable shutDown =
        () -> {
          sessions.close();
          List.copyOf(flights).forEach(Flight::onClosed);
          nodes.forEach(NodeChannel::close);
          loop.close();
          done.complete(null);
        };
    if (!loop.isOpen()) {
      return;
    }
    if (loop.isCurrentThread()) {
      shutDown.run();
      return;
    }
    try {
      loop.execute(shutDown);
      done.join();
    } catch (RejectedExecutionException alreadyClosed) {
      return;
    }
  }
}
