package raftkv.node;

import java.util.ArrayDeque;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import raftkv.port.EventLoop;
import raftkv.port.LogStore;
import raftkv.port.PeerMessage;
import raftkv.port.SnapshotStore;
import raftkv.port.StorageFailure;
import raftkv.raft.NodeId;

/**
 * What waits for the next turn, in three lanes: completions, which are never refused (one slot per
 * kind); peers' messages, of which the newest is dropped when a peer's lane is full; and clients'
 * requests, which are refused when theirs is. A flag says whether a turn is scheduled, so that a
 * thousand arrivals cost one wake-up.
 *
 * <p>Filled by the threads of disk, transport and services; drained by the loop alone.
 */
final class Inbox implements LogStore.Listener {
  /** So long turns may follow each other before the loop's thread does what else it has to do. */
  private static final long MAX_CHAIN_NANOS = 2_000_000;

  private final EventLoop loop;
  private final NodeConfig config;
  private final SortedMap<NodeId, Lane<PeerMessage>> peers = new TreeMap<>();
  private final Lane<Runnable> clients;

  // Set by the transport's threads, cleared by the loop.
  private final SortedMap<NodeId, AtomicBoolean> lostLinks = new TreeMap<>();
  // Set by arrivals on any thread, cleared by the loop at the start of each turn.
  private final AtomicBoolean turnScheduled = new AtomicBoolean();
  // Written by the disk's thread, read by the loop.
  private final AtomicLong persistedTicket = new AtomicLong();
  private final AtomicReference<@Nullable StorageFailure> failure = new AtomicReference<>();
  private final AtomicBoolean fenceForced = new AtomicBoolean();
  private final AtomicBoolean fenceLowered = new AtomicBoolean();
  // Written by the thread of the snapshots, taken by the loop.
  private final AtomicReference<SnapshotStore.@Nullable Saved> saved = new AtomicReference<>();
  private final AtomicReference<SnapshotStore.@Nullable Received> received =
      new AtomicReference<>();
  private volatile @Nullable Runnable turn;

  // Owned by the loop.
  private boolean chained;
  private boolean goesOn;
  private long chainNanos;

  Inbox(EventLoop loop, NodeConfig config) {
    this.loop = loop;
    this.config = config;
    for (NodeId member : config.raft().members()) {
      if (!member.equals(config.raft().self())) {
        peers.put(member, new Lane<>(config.maxPeerMessages(), config.maxPeerBytes()));
        lostLinks.put(member, new AtomicBoolean());
      }
    }
    this.clients = new Lane<>(config.maxQueuedRequests(), config.maxQueuedBytes());
  }

  /** What a turn is. Until this is set, arrivals only wait. */
  void onArrival(Runnable turnTask) {
    turn = turnTask;
    wake();
  }

  /** Has a turn run soon. Callable from any thread. */
  void wake() {
    Runnable task = turn;
    if (task != null && !turnScheduled.get() && turnScheduled.compareAndSet(false, true)) {
      loop.execute(task);
    }
  }

  /** From here on, arrivals ask for another turn. */
  void turnBegins() {
    turnScheduled.set(false);
    chained = goesOn;
    goesOn = false;
  }

  /**
   * Has a turn follow this one, which has left something over. An executor that reads the network
   * too does so when it has run all that was given to it, and what a task gives to it belongs to
   * that: after a while the next turn is therefore set as a timer. Else a node that applies a long
   * log would hear nobody for as long.
   */
  void again(long nowNanos) {
    if (!chained) {
      chainNanos = nowNanos;
    }
    goesOn = true;
    Runnable task = turn;
    if (task == null || !turnScheduled.compareAndSet(false, true)) {
      return;
    }
    if (nowNanos - chainNanos < MAX_CHAIN_NANOS) {
      loop.execute(task);
    } else {
      goesOn = false;
      var unused = loop.schedule(task, 0);
    }
  }

  // Completions.

  @Override
  public void persisted(long ticket) {
    persistedTicket.accumulateAndGet(ticket, Math::max);
    wake();
  }

  @Override
  public void failed(StorageFailure storageFailure) {
    failure.compareAndSet(null, storageFailure);
    wake();
  }

  void fenceForced() {
    fenceForced.set(true);
    wake();
  }

  void fenceLowered() {
    fenceLowered.set(true);
    wake();
  }

  /** One at a time is saved, so that none is lost. */
  void snapshotSaved(SnapshotStore.Saved outcome) {
    saved.set(outcome);
    wake();
  }

  /** One at a time is received, so that none is lost. */
  void snapshotReceived(SnapshotStore.Received outcome) {
    received.set(outcome);
    wake();
  }

  /** What another thread has for the loop outside of a turn: to be passed on, nothing else. */
  void onLoop(Runnable task) {
    loop.execute(task);
  }

  void linkLost(NodeId peer) {
    AtomicBoolean lost = lostLinks.get(peer);
    if (lost != null) {
      lost.set(true);
      wake();
    }
  }

  long persistedTicket() {
    return persistedTicket.get();
  }

  @Nullable StorageFailure failure() {
    return failure.get();
  }

  boolean takeFenceForced() {
    return fenceForced.getAndSet(false);
  }

  boolean takeFenceLowered() {
    return fenceLowered.getAndSet(false);
  }

  SnapshotStore.@Nullable Saved takeSnapshotSaved() {
    return saved.getAndSet(null);
  }

  SnapshotStore.@Nullable Received takeSnapshotReceived() {
    return received.getAndSet(null);
  }

  boolean takeLinkLost(NodeId peer) {
    AtomicBoolean lost = lostLinks.get(peer);
    return lost != null && lost.getAndSet(false);
  }

  // Peers.

  /** Queues a peer's message, or drops it: loss is normal. */
  void fromPeer(NodeId peer, PeerMessage message, int sizeBytes) {
    Lane<PeerMessage> lane = peers.get(peer);
    if (lane != null && lane.offer(message, sizeBytes)) {
      wake();
    }
  }

  int waitingFrom(NodeId peer) {
    Lane<PeerMessage> lane = peers.get(peer);
    return lane == null ? 0 : lane.size();
  }

  PeerMessage takeFrom(NodeId peer) {
    Lane<PeerMessage> lane = peers.get(peer);
    Lane.Item<PeerMessage> next = lane == null ? null : lane.take();
    if (next == null) {
      throw new IllegalArgumentException("nothing waits from node " + peer);
    }
    return next.content();
  }

  // Clients.

  /** Queues a request of that size. */
  boolean offerRequest(int sizeBytes, Runnable request) {
    boolean taken = clients.offer(request, sizeBytes);
    if (taken) {
      wake();
    }
    return taken;
  }

  /** Runs the requests that wait, up to the limits of a turn; true if some are left. */
  boolean runRequests() {
    long sizeBytes = 0;
    for (int i = 0; i < config.maxTurnRequests() && sizeBytes < config.maxTurnBytes(); i++) {
      Lane.Item<Runnable> next = clients.take();
      if (next == null) {
        return false;
      }
      sizeBytes += next.sizeBytes();
      next.content().run();
    }
    return clients.size() > 0;
  }

  /** A bounded queue. Filled by any thread, emptied by the loop: hence synchronized. */
  private static final class Lane<T> {
    private record Item<T>(T content, int sizeBytes) {}

    private final ArrayDeque<Item<T>> items = new ArrayDeque<>();
    private final int maxItems;
    private final int maxBytes;
    private long bytes;

    Lane(int maxItems, int maxBytes) {
      this.maxItems = maxItems;
      this.maxBytes = maxBytes;
    }

    /** One item fits whatever its size, so that the largest message is never stuck. */
    synchronized boolean offer(T content, int sizeBytes) {
      boolean full = items.size() >= maxItems || (!items.isEmpty() && bytes + sizeBytes > maxBytes);
      if (full) {
        return false;
      }
      items.add(new Item<>(content, sizeBytes));
      bytes += sizeBytes;
      return true;
    }

    /** The first item, taken out; null if there is none. */
    synchronized @Nullable Item<T> take() {
      Item<T> item = items.poll();
      if (item != null) {
        bytes -= item.sizeBytes();
      }
      return item;
    }

    synchronized int size() {
      return items.size();
    }
  }
}
