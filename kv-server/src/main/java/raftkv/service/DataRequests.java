package raftkv.service;

import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import raftkv.kv.AnswerCodec;
import raftkv.kv.CommandCodec;
import raftkv.kv.KvAnswer;
import raftkv.kv.KvCommand;
import raftkv.kv.KvLimits;
import raftkv.kv.KvStateMachine;
import raftkv.kv.ListQuery;
import raftkv.kv.OutcomeQuery;
import raftkv.kv.RequestIdentity;
import raftkv.node.NodeHeader;
import raftkv.node.ReadAnswer;
import raftkv.node.ReadRequest;
import raftkv.node.Requests;
import raftkv.node.WriteOutcome;
import raftkv.node.WriteRequest;
import raftkv.proto.kv.v1.CompareAndSetRequest;
import raftkv.proto.kv.v1.CompareAndSetResponse;
import raftkv.proto.kv.v1.CountRequest;
import raftkv.proto.kv.v1.CountResponse;
import raftkv.proto.kv.v1.DeleteRequest;
import raftkv.proto.kv.v1.DeleteResponse;
import raftkv.proto.kv.v1.GetRequest;
import raftkv.proto.kv.v1.GetRequestOutcomeRequest;
import raftkv.proto.kv.v1.GetRequestOutcomeResponse;
import raftkv.proto.kv.v1.GetResponse;
import raftkv.proto.kv.v1.ListRequest;
import raftkv.proto.kv.v1.ListResponse;
import raftkv.proto.kv.v1.PutRequest;
import raftkv.proto.kv.v1.PutResponse;
import raftkv.proto.kv.v1.ReadOptions;
import raftkv.proto.kv.v1.ResponseHeader;
import raftkv.proto.kv.v1.Routing;
import raftkv.raft.Bytes;

/**
 * What the data service does with a request, the same whether it came by a call of its own or by a
 * pipeline: parse, have it decided, translate what comes out. Parses on the thread that asks;
 * answers come on the loop, but for a request that cannot be meant so or that finds the queue full.
 */
final class DataRequests {
  private final Requests requests;
  private final KvStateMachine machine;
  private final Headers headers;
  private final Errors errors;
  private final WriteParser writes;
  private final ReadParser reads;

  DataRequests(
      Requests requests,
      KvStateMachine machine,
      Endpoints endpoints,
      Errors errors,
      KvLimits limits) {
    this.requests = requests;
    this.machine = machine;
    this.headers = new Headers(endpoints);
    this.errors = errors;
    this.writes = new WriteParser(limits);
    this.reads = new ReadParser(limits);
  }

  void put(PutRequest request, long answerBy, Caller<PutResponse> caller) {
    write(
        caller,
        answerBy,
        () -> writes.put(request),
        request.getRouting(),
        KvAnswer.PutDone.class,
        (done, header) -> Answers.put(done).setHeader(header).build());
  }

  void delete(DeleteRequest request, long answerBy, Caller<DeleteResponse> caller) {
    write(
        caller,
        answerBy,
        () -> writes.delete(request),
        request.getRouting(),
        KvAnswer.DeleteDone.class,
        (done, header) -> Answers.delete(done).setHeader(header).build());
  }

  void compareAndSet(
      CompareAndSetRequest request, long answerBy, Caller<CompareAndSetResponse> caller) {
    write(
        caller,
        answerBy,
        () -> writes.compareAndSet(request),
        request.getRouting(),
        KvAnswer.CompareAndSetDone.class,
        (done, header) -> Answers.compareAndSet(done).setHeader(header).build());
  }

  void get(GetRequest request, long answerBy, Caller<GetResponse> caller) {
    parsed(
        caller,
        () -> {
          Bytes key = reads.key(request.getKey());
          read(
              caller,
              answerBy,
              request.getRead(),
              () -> Answers.get(machine.get(key)).setHeader(headers.of(requests.header())).build());
        });
  }

  void list(ListRequest request, long answerBy, Caller<ListResponse> caller) {
    parsed(
        caller,
        () -> {
          ListQuery query = reads.list(request);
          read(
              caller,
              answerBy,
              request.getRead(),
              () ->
                  Answers.list(machine.list(query), request.getKeysOnly())
                      .setHeader(headers.of(requests.header()))
                      .build());
        });
  }

  void count(CountRequest request, long answerBy, Caller<CountResponse> caller) {
    parsed(
        caller,
        () -> {
          Bytes prefix = reads.prefix(request.getPrefix());
          read(
              caller,
              answerBy,
              request.getRead(),
              () ->
                  CountResponse.newBuilder()
                      .setHeader(headers.of(requests.header()))
                      .setCount(machine.count(prefix))
                      .build());
        });
  }

  void getRequestOutcome(
      GetRequestOutcomeRequest request, long answerBy, Caller<GetRequestOutcomeResponse> caller) {
    if (request.getCancel()) {
      write(
          caller,
          answerBy,
          () -> writes.cancel(request),
          Routing.ROUTING_ANY,
          KvAnswer.OutcomeKnown.class,
          (known, header) -> Answers.outcome(known.outcome()).setHeader(header).build());
    } else {
      parsed(caller, () -> outcome(request, answerBy, caller));
    }
  }

  private void outcome(
      GetRequestOutcomeRequest request, long answerBy, Caller<GetRequestOutcomeResponse> caller) {
    RequestIdentity asked = writes.outcomeOf(request);
    OutcomeQuery query = new OutcomeQuery(asked.clientId(), asked.seqNum(), asked.sessionStart());
    read(
        caller,
        answerBy,
        ReadOptions.getDefaultInstance(),
        () ->
            Answers.outcome(machine.requestOutcome(query))
                .setHeader(headers.of(requests.header()))
                .build());
  }

  /** Has a command decided, and translates the answer of the kind that belongs to it. */
  private <A extends KvAnswer, T> void write(
      Caller<T> caller,
      long answerBy,
      Supplier<KvCommand> parse,
      Routing routing,
      Class<A> kind,
      BiFunction<A, ResponseHeader, T> response) {
    parsed(
        caller,
        () -> {
          KvCommand command = parse.get();
          boolean identified = command.identity() != null;
          requests.write(
              new WriteRequest(
                  CommandCodec.encode(command), identified, WriteParser.routing(routing), answerBy),
              outcome -> onWritten(caller, outcome, identified, kind, response));
        });
  }

  private <A extends KvAnswer, T> void onWritten(
      Caller<T> caller,
      WriteOutcome outcome,
      boolean identified,
      Class<A> kind,
      BiFunction<A, ResponseHeader, T> response) {
    if (!(outcome instanceof WriteOutcome.Applied applied)) {
      caller.fail(errors.write(outcome, identified, headerAfter(outcome)));
      return;
    }
    KvAnswer answer = AnswerCodec.decode(applied.answer());
    if (answer instanceof KvAnswer.Refusal refusal) {
      caller.fail(errors.refusal(refusal, applied.otherCopyUndecided(), requests.header()));
    } else {
      caller.succeed(response.apply(kind.cast(answer), header(answer)));
    }
  }

  private <T> void read(
      Caller<T> caller, long answerBy, ReadOptions options, Supplier<T> response) {
    ask(new ReadRequest(ReadParser.consistency(options), answerBy), caller, response);
  }

  /** The response is made on the loop, while the state machine stands still. */
  private <T> void ask(ReadRequest request, Caller<T> caller, Supplier<T> response) {
    requests.read(
        request,
        answer -> {
          if (!(answer instanceof ReadAnswer.ReadNow)) {
            boolean here = answer instanceof ReadAnswer.Overloaded;
            caller.fail(errors.read(answer, here ? null : requests.header()));
          } else if (!caller.succeedIfRoom(response)) {
            // Now may be over by then: the node is asked again when it may be read.
            caller.whenRoom(() -> ask(request, caller, response));
          }
        });
  }

  /** Runs the handler; a request that cannot be meant so is answered here and now. */
  private <T> void parsed(Caller<T> caller, Runnable handler) {
    try {
      handler.run();
    } catch (InvalidRequest invalid) {
      caller.fail(errors.invalid(invalid));
    }
  }

  /** An overload may be answered on gRPC's thread, where the node cannot be looked at. */
  private @Nullable NodeHeader headerAfter(WriteOutcome outcome) {
    return outcome instanceof WriteOutcome.Overloaded ? null : requests.header();
  }

  private ResponseHeader header(KvAnswer answer) {
    ResponseHeader header = headers.of(requests.header());
    return answer.deduplicated() ? header.toBuilder().setDeduplicated(true).build() : header;
  }
}
