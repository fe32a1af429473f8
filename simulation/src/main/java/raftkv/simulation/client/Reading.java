package raftkv.simulation.client;

import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import raftkv.client.session.RequestKind;
import raftkv.client.session.Step;
import raftkv.kv.KvEntry;
import raftkv.kv.KvStateMachine;
import raftkv.kv.ListQuery;
import raftkv.node.ReadRequest;
import raftkv.raft.Bytes;
import raftkv.raft.NodeId;
import raftkv.simulation.check.Tally;
import raftkv.simulation.history.Call;
import raftkv.simulation.time.Timeline;
import raftkv.simulation.trace.Happening;

/** The reads of one client. */
final class Reading {
  private static final long MAX_STALENESS_NANOS = 2 * Timeline.SECOND;
  private static final Call LOOK = new Call.Get();
  private static final String NOTHING = "";

  private final SimClient client;

  Reading(SimClient client) {
    this.client = client;
  }

  void begin() {
    long draw = client.draw(1, 100);
    String key = client.drawKey();
    if (draw <= 60) {
      Bytes bytes = Wish.bytes(key);
      new Read(key, Kind.GET, machine -> valueOf(machine.get(bytes))).begin();
    } else if (draw <= 80) {
      Bytes bytes = Wish.bytes(key);
      new Read(key, Kind.STALE, machine -> valueOf(machine.get(bytes))).begin();
    } else if (draw <= 90) {
      ListQuery all = new ListQuery(Bytes.EMPTY, null, 16, ListQuery.Counted.KEYS);
      new Read(key, Kind.LOOK, machine -> machine.list(all)).begin();
    } else {
      new Read(key, Kind.LOOK, machine -> machine.count(Bytes.EMPTY)).begin();
    }
  }

  private static String valueOf(@Nullable KvEntry entry) {
    String value = Wish.valueOf(entry);
    return value == null ? NOTHING : value;
  }

  private enum Kind {
    GET,
    STALE,
    LOOK
  }

  /** One read under way. */
  private final class Read implements Flight.Landing {
    private final Kind kind;
    private final Function<KvStateMachine, Object> view;
    private final Ledger.Asked asked;
    private final long request = client.nextRequest();

    /** A linearizable read goes to any node, half of the time: not only the leader answers it. */
    private final int firstEndpoint = client.draw(0, 1) == 0 ? -1 : client.anyEndpoint();

    /** A stale read asks for at least this, half of the time: its client's own writes. */
    private final long minIndex;

    Read(String key, Kind kind, Function<KvStateMachine, Object> view) {
      this.kind = kind;
      this.view = view;
      this.asked = client.asked(key, LOOK);
      this.minIndex = client.draw(0, 1) * client.around().ledger().acknowledgedIndex();
    }

    void begin() {
      client.launch(RequestKind.READ, this::send, this);
    }

    private void send(int copy, int endpoint, long timeoutNanos, BiConsumer<Integer, Reply> reply) {
      int to = copy == 1 && firstEndpoint >= 0 ? firstEndpoint : endpoint;
      client.traced(Happening.ASKED, copy, request, to + 1);
      client
          .around()
          .doors()
          .read(to, consistency(), view, timeoutNanos, answer -> reply.accept(to, answer));
    }

    private ReadRequest.Consistency consistency() {
      return kind == Kind.STALE
          ? new ReadRequest.Stale(minIndex, MAX_STALENESS_NANOS)
          : new ReadRequest.Linearizable();
    }

    @Override
    public void answered(Reply.Answered answer) {
      client.traced(Happening.ANSWERED, request, 0, answer.index());
      boolean follower = answer.sighting().leaderId() != answer.sighting().nodeId();
      Ledger ledger = client.around().ledger();
      if (kind == Kind.STALE) {
        client.around().tally().count(Tally.Kind.STALE_READ);
        NodeId node = new NodeId(answer.sighting().nodeId());
        ledger.peeked(node, answer.index(), minIndex, answer.decidedNanos() - MAX_STALENESS_NANOS);
        ledger.done();
        return;
      }
      client.around().tally().count(Tally.Kind.READ_ON_FOLLOWER, follower ? 1 : 0);
      if (kind == Kind.GET) {
        String value = (String) answer.result();
        ledger.read(asked, value.equals(NOTHING) ? null : value, answer.index());
      } else {
        ledger.looked(asked, answer.index());
        ledger.done();
      }
    }

    @Override
    public void finished(Step.Finish finish) {
      client.traced(Happening.GAVE_UP, request, finish.outcome().ordinal(), 1);
    }

    @Override
    public void openSession(long sessionStart) {
      throw new IllegalStateException("reads have no session");
    }
  }
}
