package raftkv.node;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import raftkv.port.EventLoop;
import raftkv.port.ForwardReply;
import raftkv.port.LogFragments;
import raftkv.port.LogPage;
import raftkv.port.LogQuestion;
import raftkv.port.PeerMessage;
import raftkv.port.SnapshotAnswer;
import raftkv.port.SnapshotFile;
import raftkv.port.Transport;
import raftkv.raft.Envelope;
import raftkv.raft.NodeId;
import raftkv.raft.RaftMessage;

/**
 * What a node does before it is one, when its log has lost something it had promised (safety §6):
 *
 * <pre>
 *   nothing missing, hard state there ------------------------------> healed
 *   newest promised hard state nowhere intact ----------------------> begins anew
 *   ask every peer for what is missing, again each second
 *     a peer's log contains the anchor: its text is the lost text --> healed, when all is there
 *     every peer has answered that it does not ---------------------> begins anew
 *     a leader of a quorum speaks here, and does not contain it ----> begins anew
 * </pre>
 *
 * <p>Meanwhile it answers peers that ask the same of it, out of what is intact, and speaks in no
 * term. Owned by the loop, but for {@link #start} and what the transport calls.
 */
public final class Restoration {
  private static final Logger LOG = LogManager.getLogger("raftkv.node");
  private static final long ROUND_NANOS = 1_000_000_000L;

  /** How often the rounds say what they wait for, in rounds. */
  private static final int ROUNDS_A_LINE = 5;

  /** What the node is to start from. The text has no gaps and has yet to be written down. */
  public sealed interface Outcome {
    /** The log as it was promised. */
    record Healed(LogFragments text) implements Outcome {}

    /** What is left of it, without an identity: the node counts when it is admitted again. */
    record Anew(LogFragments text, String reason) implements Outcome {}
  }

  /** A peer, what it said last, and whether a question to it is under way. */
  private static final class Peer {
    @Nullable LogPage said;
    boolean asked;
  }

  private final NodeConfig config;
  private final EventLoop loop;
  private final Transport transport;
  private final HealingText text;
  private final Consumer<Outcome> done;
  private final SortedMap<NodeId, Peer> peers = new TreeMap<>();
  private int rounds;
  private boolean ended;

  /**
   * Does nothing until {@link #start}.
   *
   * @param done told once, on the loop
   */
  public Restoration(
      NodeConfig config,
      EventLoop loop,
      Transport transport,
      LogFragments found,
      Consumer<Outcome> done) {
    this.config = config;
    this.loop = loop;
    this.transport = transport;
    this.text = new HealingText(found);
    this.done = done;
    for (NodeId member : config.raft().members()) {
      if (!member.equals(config.raft().self())) {
        peers.put(member, new Peer());
      }
    }
  }

  /** Begins. Callable from any thread, once. */
  public void start() {
    loop.execute(this::begin);
  }

  /** What callers get until the node is there. */
  public Requests requests() {
    return new RestoringRequests(config, loop, transport, text.found(), this::condition);
  }

  private void begin() {
    transport.start(new Receiver());
    LOG.warn("recovering: {} {}", condition(), place());
    if (text.found().hardStateLost()) {
      finish(new Outcome.Anew(text.anew(), "the newest hard state is intact nowhere"));
    } else if (text.isWhole()) {
      finish(new Outcome.Healed(text.healed()));
    } else {
      round();
    }
  }

  private void round() {
    if (ended) {
      return;
    }
    peers.forEach((node, peer) -> ask(node, peer, 0));
    if (rounds++ % ROUNDS_A_LINE == 1) {
      LOG.warn("recovering: {} {}", condition(), place());
    }
    loop.schedule(this::round, ROUND_NANOS);
  }

  private void ask(NodeId node, Peer peer, long fromIndex) {
    LogQuestion question = text.question(fromIndex);
    if (!peer.asked && question != null) {
      peer.asked = true;
      transport.fetchLog(node, question, page -> onPage(node, peer, question, page));
    }
  }

  private void onPage(NodeId node, Peer peer, LogQuestion question, LogPage page) {
    peer.asked = false;
    peer.said = page;
    if (ended) {
      return;
    }
    if (page instanceof LogPage.Text some) {
      String refusal = text.take(question, some);
      if (refusal != null) {
        LOG.warn("node {} sent no text of this log: {} {}", node, refusal, place());
        peer.said = new LogPage.Unanswered(refusal);
      } else if (text.isWhole()) {
        finish(new Outcome.Healed(text.healed()));
      } else {
        ask(node, peer, some.nextIndex());
      }
    } else if (peers.values().stream().allMatch(other -> other.said instanceof LogPage.NoAnchor)) {
      finish(new Outcome.Anew(text.anew(), "no other member's log contains " + text.anchor()));
    }
  }

  /** A majority follows that node, which lacks the anchor: what is lost here was not committed. */
  private void onLeaderOfQuorum(NodeId leader) {
    Peer peer = peers.get(leader);
    LogPage said = peer == null ? null : peer.said;
    if (!ended && (said instanceof LogPage.NoAnchor || said instanceof LogPage.Compacted)) {
      finish(
          new Outcome.Anew(
              text.anew(), "node " + leader + " leads a majority and cannot give the lost text"));
    }
  }

  private void finish(Outcome outcome) {
    ended = true;
    if (outcome instanceof Outcome.Anew anew) {
      LOG.warn(
          "begins anew behind {}, under a new identity that has to be admitted: {} {}",
          anew.text().last(),
          anew.reason(),
          place());
    } else {
      LOG.warn("the log is whole again up to {} {}", text.found().last(), place());
    }
    done.accept(outcome);
  }

  /** "recovering: entries 2-4 are lost: node 2 does not have them, node 3 no link". */
  private String condition() {
    if (text.isWhole()) {
      return "recovering";
    }
    List<String> answers = new ArrayList<>();
    peers.forEach((node, peer) -> answers.add("node " + node + " " + words(peer.said)));
    return "recovering: entries " + text.missing() + " are lost: " + String.join(", ", answers);
  }

  private static String words(@Nullable LogPage said) {
    if (said == null) {
      return "not heard yet";
    } else if (said instanceof LogPage.Text) {
      return "lacks them too";
    } else if (said instanceof LogPage.NoAnchor) {
      return "has another log";
    } else if (said instanceof LogPage.Compacted) {
      return "has them in a snapshot alone";
    }
    return ((LogPage.Unanswered) said).reason();
  }

  private String place() {
    return "node=" + config.raft().self() + " term=" + text.found().hardState().term();
  }

  /** On the transport's threads. */
  private final class Receiver implements Transport.Receiver {
    @Override
    public void received(NodeId from, PeerMessage message, int sizeBytes) {
      if (message instanceof PeerMessage.Core core && isFromLeaderOfQuorum(core.envelope())) {
        loop.execute(() -> onLeaderOfQuorum(from));
      }
    }

    private boolean isFromLeaderOfQuorum(Envelope envelope) {
      return envelope.message() instanceof RaftMessage.AppendEntries append
          && append.quorumContactAgeNanos() >= 0
          && append.quorumContactAgeNanos() <= config.raft().elections().timeoutMaxNanos();
    }

    @Override
    public void linkLost(NodeId peer) {
      // Asked again in the next round.
    }

    @Override
    public void linkEstablished(NodeId peer) {
      loop.execute(
          () -> {
            Peer known = peers.get(peer);
            if (known != null && !ended && rounds > 0) {
              ask(peer, known, 0);
            }
          });
    }

    @Override
    public void snapshotOffered(
        NodeId from, long term, SnapshotFile file, Consumer<SnapshotAnswer> answer) {
      answer.accept(new SnapshotAnswer.Declined("recovering"));
    }

    @Override
    public void forwarded(
        NodeId from, Transport.ForwardRequest request, Consumer<ForwardReply> answer) {
      answer.accept(new ForwardReply.NotApplied(ForwardReply.Reason.NOT_READY, null, "recovering"));
    }

    @Override
    public void logAsked(NodeId from, LogQuestion question, Consumer<LogPage> answer) {
      loop.execute(() -> answer.accept(text.answer(question)));
    }
  }
}
