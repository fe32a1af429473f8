package raftkv.simulation.client;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import raftkv.client.session.CopyFailure;
import raftkv.client.session.Outcome;
import raftkv.client.session.RequestKind;
import raftkv.client.session.Step;
import raftkv.kv.CommandCodec;
import raftkv.kv.KvAnswer;
import raftkv.kv.KvCommand;
import raftkv.kv.RequestIdentity;
import raftkv.kv.RequestOutcome;
import raftkv.node.WriteRequest;
import raftkv.raft.Bytes;
import raftkv.simulation.check.Tally;
import raftkv.simulation.history.Call;
import raftkv.simulation.trace.Happening;

/** The writes of one client. */
final class Writing {
  private static final int SEALED_OF_100 = 40;

  /** Of one request in so many, a cancel comes long after its answer. */
  private static final int SEALS_LATER = 4;

  private final SimClient client;
  private long values;

  Writing(SimClient client) {
    this.client = client;
  }

  void begin() {
    String key = client.drawKey();
    new Write(new Wish(key, drawCall(key)), client.sessions().next()).begin();
  }

  private Call drawCall(String key) {
    long draw = client.draw(1, 100);
    if (draw <= 60) {
      return new Call.Put(newValue());
    }
    if (draw <= 85) {
      return new Call.CompareAndSet(client.around().ledger().lastSeen(key), newValue());
    }
    Ledger.Stored stored = client.around().ledger().lastStored(key);
    return draw <= 90 || stored == null
        ? new Call.Delete()
        : new Call.DeleteStored(stored.value(), stored.index());
  }

  private String newValue() {
    String value = client.number() + "." + ++values;
    int missing = client.habits().valueBytes() - value.length();
    return missing > 0 ? value + " ".repeat(missing) : value;
  }

  /** One write under way. */
  private final class Write implements Flight.Landing {
    private final Wish wish;
    private final Ledger.Asked asked;
    private final long request = client.nextRequest();
    private Identity identity;
    private @Nullable Flight flight;

    /** Some copy was sent that the flight knows nothing of. */
    private boolean strayCopies;

    Write(Wish wish, Identity identity) {
      this.wish = wish;
      this.identity = identity;
      this.asked = client.asked(wish.key(), wish.call());
    }

    void begin() {
      flight = client.launch(client.sessions().kind(), this::send, this);
      boolean several = client.draw(1, 1_000) <= client.habits().copiesRate();
      if (several && identity.stamp() != null) {
        strayCopies = true;
        Bytes command = wish.encode(identity.stamp());
        client.sendCopy(command, client.anyEndpoint());
        client.sendCopy(command, client.anyEndpoint());
      }
    }

    private void send(int copy, int endpoint, long timeoutNanos, BiConsumer<Integer, Reply> reply) {
      client.traced(Happening.ASKED, copy, request, endpoint + 1);
      RequestIdentity stamp = identity.stamp();
      Bytes command = wish.encode(stamp);
      client
          .around()
          .doors()
          .write(
              endpoint,
              command,
              new WriteRequest(command, stamp != null, WriteRequest.Routing.ANY, 0),
              timeoutNanos,
              answer -> reply.accept(endpoint, answer));
    }

    @Override
    public void answered(Reply.Answered answer) {
      KvAnswer.Result result = (KvAnswer.Result) answer.result();
      client.traced(Happening.ANSWERED, request, 1, result.index());
      client.around().ledger().wrote(asked, wish.read(result), result.index(), identity.name());
      remember();
      identity.settle(true);
    }

    private void remember() {
      RequestIdentity stamp = identity.stamp();
      if (stamp != null) {
        client.remember(wish.encode(stamp));
        if (request % SEALS_LATER == 0) {
          client.remember(CommandCodec.encode(new KvCommand.Cancel(stamp)));
        }
      }
    }

    @Override
    public void finished(Step.Finish finish) {
      Outcome outcome = finish.outcome();
      client.traced(Happening.GAVE_UP, request, outcome.ordinal(), 0);
      CopyFailure last = finish.last();
      boolean sealed = last != null && last.reason().equals("CANCELLED_BY_CLIENT");
      boolean certain = outcome == Outcome.NOT_APPLIED && (!strayCopies || sealed);
      boolean simple = identity instanceof Identity.Simple;
      if (simple && last != null && last.reason().equals("SESSION_EXPIRED")) {
        client.sessions().open(last.index());
      }
      if (!certain) {
        onUnknown();
      } else {
        client.around().ledger().refused(asked, identity.name(), wish.encode(identity.stamp()));
      }
      identity.settle(certain || outcome == Outcome.APPLIED);
    }

    private void onUnknown() {
      client.around().tally().count(Tally.Kind.OUTCOME_UNKNOWN);
      if (identity.stamp() != null && client.draw(1, 100) <= SEALED_OF_100) {
        new Seal(this).begin();
      } else {
        client.around().ledger().unknown(asked);
        remember();
      }
    }

    @Override
    public void openSession(long sessionStart) {
      identity.settle(true);
      // Another request may have opened the next one already; one too many does no harm.
      client.sessions().open(sessionStart);
      identity = client.sessions().next();
      Flight waiting = flight;
      if (waiting != null) {
        waiting.resume();
      }
    }
  }

  /** Asks for a request of unknown fate never to take effect, unless it has (safety rule 4.6). */
  private final class Seal implements Flight.Landing {
    private final Write write;
    private final RequestIdentity identity;

    Seal(Write write) {
      this.write = write;
      RequestIdentity stamp = write.identity.stamp();
      if (stamp == null) {
        throw new IllegalStateException("only a request with a name can be sealed");
      }
      this.identity = stamp;
    }

    void begin() {
      client.launch(RequestKind.WRITE_WITH_GIVEN_ID, this::send, this);
    }

    private void send(int copy, int endpoint, long timeoutNanos, BiConsumer<Integer, Reply> reply) {
      Bytes command = CommandCodec.encode(new KvCommand.Cancel(identity));
      client
          .around()
          .doors()
          .write(
              endpoint,
              command,
              new WriteRequest(command, true, WriteRequest.Routing.ANY, 0),
              timeoutNanos,
              answer -> reply.accept(endpoint, answer));
    }

    @Override
    public void answered(Reply.Answered answer) {
      RequestOutcome outcome = ((KvAnswer.OutcomeKnown) answer.result()).outcome();
      client.traced(Happening.ANSWERED, write.request, 2, outcome.index());
      KvAnswer.Result stored = outcome.answer();
      if (outcome.kind() == RequestOutcome.Kind.NOT_APPLIED) {
        client.around().ledger().done();
        client.sendCopy(write.wish.encode(identity), client.anyEndpoint());
      } else if (stored != null) {
        Ledger.Named name = new Ledger.Named(identity.clientId(), identity.seqNum());
        client.around().ledger().wrote(write.asked, write.wish.read(stored), stored.index(), name);
      } else {
        client.around().ledger().unknown(write.asked);
      }
      client.remember(write.wish.encode(identity));
    }

    @Override
    public void finished(Step.Finish finish) {
      client.around().ledger().unknown(write.asked);
      client.remember(write.wish.encode(identity));
    }

    @Override
    public void openSession(long sessionStart) {
      throw new IllegalStateException("a seal has the identity of what it seals");
    }
  }
}
