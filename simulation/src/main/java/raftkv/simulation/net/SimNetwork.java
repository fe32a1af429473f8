package raftkv.simulation.net;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.LogPage;
import raftkv.port.LogQuestion;
import raftkv.port.PeerMessage;
import raftkv.port.Transport;
import raftkv.raft.NodeId;
import raftkv.simulation.time.Life;
import raftkv.simulation.time.SimEventLoop;
import raftkv.simulation.time.Timeline;

/** All links between all nodes, and who is at their ends. Nodes are numbered from 1. */
public final class SimNetwork {
  /** Told what passes. */
  public interface Tap {
    /** A node says that, whether it arrives or not; at the clock of the running task. */
    void sent(NodeId from, NodeId to, PeerMessage message);

    /** It arrived. */
    void delivered(NodeId from, NodeId to, PeerMessage message);

    /** A node gives a peer that has lost some of its log what it has of it. */
    void told(NodeId from, NodeId to, LogQuestion question, LogPage page);

    /** A link broke or was established, as its dialler sees it. */
    void linkChanged(NodeId from, NodeId to, boolean established);
  }

  private final Timeline timeline;
  private final Weather weather;
  private final Tap tap;
  private final Link[][] links;
  private final @Nullable SimTransport[] transports;

  /** A network for nodes 1 to {@code nodes}. */
  public SimNetwork(Timeline timeline, Weather weather, Tap tap, int nodes) {
    this.timeline = timeline;
    this.weather = weather;
    this.tap = tap;
    this.links = new Link[nodes + 1][nodes + 1];
    for (Link[] row : links) {
      for (int i = 0; i < row.length; i++) {
        row[i] = new Link();
      }
    }
    this.transports = new @Nullable SimTransport[nodes + 1];
  }

  /** How it behaves. */
  public Weather weather() {
    return weather;
  }

  /** The transport of one run of a node. */
  public Transport connect(NodeId node, Life life, SimEventLoop loop) {
    return new SimTransport(this, node, life, loop);
  }

  // Faults.

  /** Nothing passes from one to the other any more. */
  public void cut(int from, int to) {
    links[from][to].cut = true;
  }

  /** All cuts end. */
  public void heal() {
    for (Link[] row : links) {
      for (Link link : row) {
        link.cut = false;
      }
    }
  }

  /** Whether messages pass in that direction, were there a link. */
  public boolean passes(int from, int to) {
    return !links[from][to].cut;
  }

  /**
   * The stream from one node to another breaks: its dialler is told, and a little later the other.
   */
  public void breakLink(int from, int to) {
    SimTransport dialler = transports[from];
    Link link = links[from][to];
    if (link.up && dialler != null) {
      link.goDown();
      tap.linkChanged(dialler.self(), new NodeId(to), false);
      dialler.onLinkLost(new NodeId(to));
      tellAcceptor(from, to, weather.latencyNanos());
      redial(dialler, to);
    }
  }

  /** Of the end of a peer's stream, unless a newer one is there by then. */
  private void tellAcceptor(int from, int to, long delayNanos) {
    Link link = links[from][to];
    long number = link.number;
    SimTransport acceptor = transports[to];
    timeline.after(
        delayNanos,
        () -> {
          if (acceptor != null && isHere(acceptor) && link.number == number) {
            acceptor.onStreamEnded(new NodeId(from));
          }
        });
  }

  /**
   * A process has ended. Its peers notice at once if the machine still answers for it, else when
   * they have waited for an answer for long enough.
   */
  public void gone(NodeId node, boolean noticed) {
    transports[node.value()] = null;
    for (int peer = 1; peer < transports.length; peer++) {
      Link own = links[node.value()][peer];
      if (own.up) {
        own.goDown();
        tellAcceptor(node.value(), peer, noticeNanos(noticed));
      }
      Link link = links[peer][node.value()];
      long number = link.number;
      int dialler = peer;
      timeline.after(
          noticeNanos(noticed),
          () -> {
            if (link.number == number) {
              breakLink(dialler, node.value());
            }
          });
    }
  }

  private long noticeNanos(boolean atOnce) {
    return atOnce
        ? weather.latencyNanos()
        : weather.between(300 * Timeline.MILLI, 3 * Timeline.SECOND);
  }

  // What transports ask for.

  void started(SimTransport transport) {
    int self = transport.self().value();
    for (int peer = 1; peer < transports.length; peer++) {
      breakLink(peer, self); // a stream to an earlier run of this node ends now
    }
    transports[self] = transport;
    for (int peer = 1; peer < transports.length; peer++) {
      if (peer != self) {
        links[self][peer].goDown();
        redial(transport, peer);
      }
    }
  }

  private void redial(SimTransport dialler, int to) {
    Link link = links[dialler.self().value()][to];
    if (!link.dialling) {
      link.dialling = true;
      timeline.after(
          weather.between(5 * Timeline.MILLI, 120 * Timeline.MILLI), () -> dial(dialler, to));
    }
  }

  private void dial(SimTransport dialler, int to) {
    int from = dialler.self().value();
    Link link = links[from][to];
    link.dialling = false;
    SimTransport current = transports[from];
    if (current == null || link.up) {
      return;
    }
    boolean reached = transports[to] != null && !link.cut && !links[to][from].cut;
    if (reached) {
      link.comeUp();
      tap.linkChanged(current.self(), new NodeId(to), true);
      current.onLinkEstablished(new NodeId(to));
    } else {
      redial(current, to);
    }
  }

  Tap tap() {
    return tap;
  }

  String linkState(NodeId from, NodeId to) {
    return links[from.value()][to.value()].up ? Transport.CONNECTED : "refused";
  }

  boolean isUp(NodeId from, NodeId to) {
    return links[from.value()][to.value()].up;
  }

  void send(SimTransport sender, NodeId to, PeerMessage message) {
    tap.sent(sender.self(), to, message);
    Link link = links[sender.self().value()][to.value()];
    if (!link.up || link.cut || weather.loses()) {
      return;
    }
    deliverLater(sender, to, message);
    if (weather.duplicates()) {
      deliverLater(sender, to, message);
    }
  }

  private void deliverLater(SimTransport sender, NodeId to, PeerMessage message) {
    Link link = links[sender.self().value()][to.value()];
    long sentNanos = timeline.nowNanos();
    long arrival = sentNanos + weather.latencyNanos();
    if (weather.reorders()) {
      arrival += weather.delayNanos();
    } else {
      arrival = Math.max(arrival, link.lastArrivalNanos);
      link.lastArrivalNanos = arrival;
    }
    long number = link.number;
    SimTransport target = transports[to.value()];
    timeline.at(
        arrival,
        () -> {
          boolean sameStream = link.number == number && transports[to.value()] == target;
          if (target != null && sameStream && !link.cut && sender.wasAliveAt(sentNanos)) {
            tap.delivered(sender.self(), to, message);
            target.receiver().received(sender.self(), message, Sizes.of(message));
          }
        });
  }

  /** Has the task run at the node, unless the way is cut or another run is there by then. */
  void carry(SimTransport sender, NodeId to, Consumer<SimTransport> task) {
    long sentNanos = timeline.nowNanos();
    SimTransport target = transports[to.value()];
    int from = sender.self().value();
    if (target == null || !passes(from, to.value()) || weather.loses()) {
      return;
    }
    timeline.after(
        weather.latencyNanos(),
        () -> {
          boolean arrives = transports[to.value()] == target && passes(from, to.value());
          if (arrives && sender.wasAliveAt(sentNanos)) {
            task.accept(target);
          }
        });
  }

  /**
   * Has the task run at the other node over a stream, which loses nothing: what is cut waits. Ends
   * without it when the link or either run ends.
   */
  void stream(SimTransport sender, SimTransport target, Runnable task) {
    Link link = links[sender.self().value()][target.self().value()];
    streamOn(link, link.number, sender, target, task);
  }

  private void streamOn(
      Link link, long number, SimTransport sender, SimTransport target, Runnable task) {
    boolean alive = sender.wasAliveAt(timeline.nowNanos()) && isHere(target);
    if (!link.up || link.number != number || !alive) {
      return;
    }
    timeline.after(
        link.cut ? 20 * weather.latencyNanos() : weather.latencyNanos(),
        () -> {
          if (link.cut) {
            streamOn(link, number, sender, target, task);
          } else if (link.number == number && isHere(target)) {
            task.run();
          }
        });
  }

  private boolean isHere(SimTransport transport) {
    return transports[transport.self().value()] == transport;
  }

  @Nullable SimTransport at(NodeId node) {
    return transports[node.value()];
  }

  Timeline timeline() {
    return timeline;
  }

  /** Nodes whose process runs, in ascending order. */
  public List<NodeId> running() {
    List<NodeId> running = new ArrayList<>();
    for (SimTransport transport : transports) {
      if (transport != null) {
        running.add(transport.self());
      }
    }
    return running;
  }
}
