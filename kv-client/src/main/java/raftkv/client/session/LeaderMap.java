package raftkv.client.session;

import java.util.List;

/**
 * Which of the configured endpoints leads, as far as this client knows. Endpoints are numbered in
 * the order in which they were given; {@link #NONE} stands for none.
 *
 * <p>A leader is named by node id and an address. The address may be a name from inside a container
 * network, so it is the last thing to be believed: first the id, learned from the answers of the
 * endpoints themselves; then an address that was configured literally; then a port that only one
 * configured endpoint has. An address that was not configured is never connected to.
 *
 * <p>An endpoint that let a whole deadline pass without a word is distrusted for a while: it is no
 * leader, whoever names it so, since a follower may hear it well while its connection to this
 * client is dead and nobody has noticed. Any answer of its own ends that, and so does time.
 *
 * <p>Not thread-safe: owned by the client's loop.
 */
public final class LeaderMap {
  /** No endpoint. */
  public static final int NONE = -1;

  private final List<String> endpoints;

  /** Node id behind each endpoint; 0 until it has answered. */
  private final int[] nodeIds;

  /** How often each endpoint has answered anything. */
  private final long[] answers;

  /** Which endpoints are distrusted, and until when. */
  private final boolean[] distrusted;

  private final long[] distrustedUntilNanos;

  private long term;
  private int leader = NONE;
  private int cursor;

  /** Endpoints as {@code host:port}, at least one. */
  public LeaderMap(List<String> endpoints) {
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("at least one endpoint is needed");
    }
    this.endpoints = List.copyOf(endpoints);
    this.nodeIds = new int[endpoints.size()];
    this.answers = new long[endpoints.size()];
    this.distrusted = new boolean[endpoints.size()];
    this.distrustedUntilNanos = new long[endpoints.size()];
  }

  /** Number of endpoints. */
  public int size() {
    return endpoints.size();
  }

  /** The address of an endpoint, as it was given. */
  public String address(int endpoint) {
    return endpoints.get(endpoint);
  }

  /** The endpoint that leads, or {@link #NONE}. */
  public int leader() {
    return leader;
  }

  /** The highest term heard of; 0 at first. */
  public long term() {
    return term;
  }

  /** Whom to send a request to: the leader if known, else the next that is not suspected. */
  public int target() {
    return leader == NONE ? cursor : leader;
  }

  /** Whom to try after an endpoint that failed: the leader if it is another, else the next one. */
  public int targetAfter(int failed) {
    return leader == NONE || leader == failed ? following(failed) : leader;
  }

  /** The endpoint behind this one in the order given, the first behind the last. */
  public int following(int endpoint) {
    return (endpoint + 1) % endpoints.size();
  }

  /**
   * Takes note of what an endpoint said.
   *
   * @return whether the term or the leader changed
   */
  public boolean learn(int endpoint, Sighting said) {
    heard(endpoint);
    if (said.nodeId() > 0) {
      nodeIds[endpoint] = said.nodeId();
    }
    if (said.term() < term || (said.leaderId() == 0 && said.term() == term)) {
      return false;
    }
    int named = trusted(endpointOf(said.leaderId(), said.leaderEndpoint()));
    boolean changed = said.term() != term || named != leader;
    term = said.term();
    leader = named;
    return changed;
  }

  /**
   * Whether an endpoint that says this says nothing new, as nearly all answers do: then {@link
   * #learn} would change nothing.
   */
  public boolean knows(int endpoint, int nodeId, long saidTerm, int leaderId) {
    return leader != NONE
        && saidTerm == term
        && leaderId > 0
        && nodeIds[leader] == leaderId
        && nodeIds[endpoint] == nodeId;
  }

  /**
   * An endpoint cannot be reached or cannot answer: it is not asked first any more. Behind a leader
   * the next is asked, which is the first to stand for election if the order given is that of the
   * ids.
   */
  public void suspect(int endpoint) {
    if (leader == endpoint || cursor == endpoint) {
      cursor = following(endpoint);
    }
    if (leader == endpoint) {
      leader = NONE;
    }
  }

  /** An endpoint has answered, whatever it said: it is to be trusted again. */
  public void heard(int endpoint) {
    answers[endpoint]++;
    distrusted[endpoint] = false;
  }

  /** How often an endpoint has answered anything. */
  public long answersOf(int endpoint) {
    return answers[endpoint];
  }

  /**
   * An endpoint has let a deadline pass without a word: it is suspected, and until that time not
   * taken for the leader, unless it answers.
   */
  public void distrust(int endpoint, long untilNanos) {
    suspect(endpoint);
    distrusted[endpoint] = true;
    distrustedUntilNanos[endpoint] = untilNanos;
  }

  /** Time has passed: distrust that has lasted long enough ends. */
  public void forgive(long nowNanos) {
    for (int i = 0; i < distrusted.length; i++) {
      distrusted[i] &= nowNanos - distrustedUntilNanos[i] < 0;
    }
  }

  private int trusted(int endpoint) {
    return endpoint != NONE && distrusted[endpoint] ? NONE : endpoint;
  }

  private int endpointOf(int nodeId, String address) {
    if (nodeId == 0) {
      return NONE;
    }
    for (int i = 0; i < nodeIds.length; i++) {
      if (nodeIds[i] == nodeId) {
        return i;
      }
    }
    int literal = endpoints.indexOf(address);
    return literal >= 0 ? literal : onlyEndpointWithPortOf(address);
  }

  private int onlyEndpointWithPortOf(String address) {
    String port = portOf(address);
    int found = NONE;
    for (int i = 0; i < endpoints.size(); i++) {
      if (port.isEmpty() || nodeIds[i] != 0 || !portOf(endpoints.get(i)).equals(port)) {
        continue;
      }
      if (found != NONE) {
        return NONE;
      }
      found = i;
    }
    return found;
  }

  private static String portOf(String address) {
    return address.substring(address.lastIndexOf(':') + 1);
  }
}
