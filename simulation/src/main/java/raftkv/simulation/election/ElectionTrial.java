package raftkv.simulation.election;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import raftkv.kv.KvLimits;
import raftkv.port.EntryCodec;
import raftkv.raft.Bytes;
import raftkv.raft.ClusterId;
import raftkv.raft.DurableState;
import raftkv.raft.EntryKind;
import raftkv.raft.Envelope;
import raftkv.raft.HardState;
import raftkv.raft.Incarnation;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.RaftConfig;
import raftkv.raft.RaftMessage;
import raftkv.raft.RaftNode;
import raftkv.raft.Ready;
import raftkv.raft.Settings;
import raftkv.raft.Xoshiro256;
import raftkv.simulation.time.Timeline;

/**
 * One leader that crashes. The paper says of its network and disks only that a round of messages
 * took roughly 15 ms. Here a request takes 1 to 2 ms, the other side's write 0.5 to 1.5 ms and its
 * answer 11.5 to 13.5 ms, 15 ms in the mean: of the ways to make 15 ms this one gives the paper's
 * curve for 5 ms of randomness. With a slower way to the others, or a slower write of a candidate's
 * own vote in front of it, votes are split far more often than the paper saw. Four followers hold
 * logs of four lengths, given out by chance, so two of them cannot get three of five votes.
 */
final class ElectionTrial {
  private static final int SERVERS = 5;
  private static final long MIN_REQUEST_NANOS = 1_000 * Timeline.MICRO;
  private static final long MAX_REQUEST_NANOS = 2_000 * Timeline.MICRO;
  private static final long MIN_ANSWER_NANOS = 11_500 * Timeline.MICRO;
  private static final long MAX_ANSWER_NANOS = 13_500 * Timeline.MICRO;
  private static final long LIMIT_NANOS = 120 * Timeline.SECOND;
  private static final int CALM_HEARTBEATS = 3;

  private final ElectionSetting setting;
  private final Timeline timeline = new Timeline();
  private final Xoshiro256 random;
  private final List<NodeId> members = new ArrayList<>();
  private final List<ElectionServer> servers = new ArrayList<>();
  private int heartbeats;
  private boolean hasCrashed;

  private ElectionTrial(ElectionSetting setting, long seed) {
    this.setting = setting;
    this.random = new Xoshiro256(seed);
  }

  /** Milliseconds from the crash until another server leads; same seed, same answer. */
  static double millisWithoutLeader(ElectionSetting setting, long seed) {
    return new ElectionTrial(setting, seed).run() / (double) Timeline.MILLI;
  }

  private long run() {
    build();
    ElectionServer leader = servers.get(SERVERS - 1);
    leader.beginToCampaign();
    runUntil(leader::isLeader);
    runUntil(() -> servers.stream().allMatch(server -> server.follows(leader.id())));
    servers.forEach(ElectionServer::beginToCampaign);
    heartbeats = 0;
    runUntil(() -> heartbeats == CALM_HEARTBEATS);
    long crashNanos = timeline.nowNanos() + Xoshiro256.between(random, 0, heartbeatNanos());
    boolean[] over = {false};
    timeline.at(crashNanos, () -> over[0] = true);
    runUntil(() -> over[0]);
    crash(leader);
    runUntil(() -> servers.stream().anyMatch(ElectionServer::isLeader));
    return timeline.nowNanos() - crashNanos;
  }

  private void crash(ElectionServer leader) {
    hasCrashed = true;
    leader.crash();
    for (ElectionServer server : servers) {
      if (server != leader && setting.style() == ElectionSetting.Style.OURS) {
        timeline.after(request(), () -> server.loseLinkTo(leader.id()));
      }
    }
  }

  private void runUntil(BooleanSupplier condition) {
    long end = timeline.nowNanos() + LIMIT_NANOS;
    while (!condition.getAsBoolean() && timeline.nextNanos() <= end) {
      timeline.runNext();
    }
  }

  private long heartbeatNanos() {
    return setting.minMillis() * Timeline.MILLI / 2;
  }

  private void build() {
    List<Settings.Member> named = new ArrayList<>();
    for (int id = 1; id <= SERVERS; id++) {
      NodeId node = new NodeId(id);
      members.add(node);
      named.add(new Settings.Member(node, Incarnation.draw(random)));
    }
    Bytes limits = KvLimits.DEFAULTS.encode();
    Bytes settings = new Settings(ClusterId.draw(random), named, limits).encode();
    List<Integer> lengths = lengths();
    for (int i = 0; i < SERVERS; i++) {
      NodeId id = members.get(i);
      HardState hard = new HardState(1, null, named.get(i).incarnation(), true);
      DurableState durable = new DurableState(hard, null, log(settings, lengths.get(i)), 1);
      RaftNode node =
          RaftNode.restore(config(id, limits), durable, new Xoshiro256(random.nextLong()), 0);
      servers.add(new ElectionServer(id, node, timeline, random, this::send));
    }
  }

  /** The last one leads, so it has most; the others have 0 to 3 entries more than the first. */
  private List<Integer> lengths() {
    List<Integer> lengths = new ArrayList<>();
    for (int extra = 0; extra < SERVERS - 1; extra++) {
      lengths.add((int) Xoshiro256.between(random, 0, extra), extra);
    }
    lengths.add(SERVERS - 1);
    return lengths;
  }

  private static List<LogEntry> log(Bytes settings, int extra) {
    EntryCodec codec = new EntryCodec();
    List<LogEntry> log = new ArrayList<>();
    log.add(codec.encode(new LogPosition(1, 1), EntryKind.SETTINGS, settings));
    for (int index = 2; index <= extra + 1; index++) {
      log.add(codec.encode(new LogPosition(index, 1), EntryKind.NOOP, Bytes.EMPTY));
    }
    return log;
  }

  private RaftConfig config(NodeId id, Bytes limits) {
    RaftConfig config =
        RaftConfig.of(id, members, new EntryCodec(), limits)
            .withTimes(
                setting.minMillis() * Timeline.MILLI,
                setting.maxMillis() * Timeline.MILLI,
                heartbeatNanos());
    return setting.style() == ElectionSetting.Style.PAPER
        ? config.withElectionsOfThePaper()
        : config;
  }

  private void send(ElectionServer from, Ready ready) {
    List<Envelope> appends =
        ready.messages().stream()
            .filter(e -> e.message() instanceof RaftMessage.AppendEntries)
            .toList();
    boolean toAll = appends.size() == SERVERS - 1;
    heartbeats += toAll ? 1 : 0;
    for (Envelope envelope : ready.messages()) {
      boolean append = envelope.message() instanceof RaftMessage.AppendEntries;
      if (hasCrashed || !append) {
        deliver(envelope);
      } else if (toAll) {
        deliver(withoutEntries(envelope));
      }
    }
  }

  /**
   * What the first leader says beside its heartbeats is lost, and so are its entries: the logs stay
   * as different as they are.
   */
  private static Envelope withoutEntries(Envelope envelope) {
    RaftMessage.AppendEntries append = (RaftMessage.AppendEntries) envelope.message();
    return new Envelope(
        envelope.from(),
        envelope.to(),
        envelope.term(),
        new RaftMessage.AppendEntries(
            append.prev(),
            List.of(),
            append.leaderCommit(),
            append.round(),
            append.quorumContactAgeNanos(),
            false));
  }

  private void deliver(Envelope envelope) {
    ElectionServer to = servers.get(members.indexOf(envelope.to()));
    long way = isAnswer(envelope.message()) ? answer() : request();
    timeline.after(way, () -> to.receive(envelope));
  }

  private static boolean isAnswer(RaftMessage message) {
    return message instanceof RaftMessage.RequestVoteReply
        || message instanceof RaftMessage.PreVoteReply
        || message instanceof RaftMessage.AppendEntriesReply;
  }

  private long request() {
    return Xoshiro256.between(random, MIN_REQUEST_NANOS, MAX_REQUEST_NANOS);
  }

  private long answer() {
    return Xoshiro256.between(random, MIN_ANSWER_NANOS, MAX_ANSWER_NANOS);
  }
}
