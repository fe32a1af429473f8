package raftkv.service;

import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;
import java.util.function.Function;
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
import raftkv.proto.kv.v1.KvServiceGrpc;
import raftkv.proto.kv.v1.ListRequest;
import raftkv.proto.kv.v1.ListResponse;
import raftkv.proto.kv.v1.PutRequest;
import raftkv.proto.kv.v1.PutResponse;
import raftkv.proto.kv.v1.ReadOptions;
import raftkv.proto.kv.v1.ResponseHeader;
import raftkv.raft.Bytes;

/** The data service. Handlers run on gRPC's thread, their answers on the node's loop. */
final class KvCalls extends KvServiceGrpc.KvServiceImplBase {
  private final Requests requests;
  private final KvStateMachine machine;
  private final Endpoints endpoints;
  private final Errors errors;
  private final WriteParser writes;
  private final ReadParser reads;

  KvCalls(
      Requests requests,
      KvStateMachine machine,
      Endpoints endpoints,
      Errors errors,
      KvLimits limits) {
    this.requests = requests;
    this.machine = machine;
    this.endpoints = endpoints;
    this.errors = errors;
    this.writes = new WriteParser(limits);
    this.reads = new ReadParser(limits);
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> observer) {
    Call<PutResponse> call = new Call<>(observer);
    parsed(
        call,
        () ->
            write(
                call,
                writes.put(request),
                WriteParser.routing(request.getRouting()),
                answer -> {
                  KvAnswer.PutDone done = (KvAnswer.PutDone) answer;
                  return Answers.put(done).setHeader(header(done)).build();
                }));
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> observer) {
    Call<DeleteResponse> call = new Call<>(observer);
    parsed(
        call,
        () ->
            write(
                call,
                writes.delete(request),
                WriteParser.routing(request.getRouting()),
                answer -> {
                  KvAnswer.DeleteDone done = (KvAnswer.DeleteDone) answer;
                  return Answers.delete(done).setHeader(header(done)).build();
                }));
  }

  @Override
  public void compareAndSet(
      CompareAndSetRequest request, StreamObserver<CompareAndSetResponse> observer) {
    Call<CompareAndSetResponse> call = new Call<>(observer);
    parsed(
        call,
        () ->
            write(
                call,
                writes.compareAndSet(request),
                WriteParser.routing(request.getRouting()),
                answer -> {
                  KvAnswer.CompareAndSetDone done = (KvAnswer.CompareAndSetDone) answer;
                  return Answers.compareAndSet(done).setHeader(header(done)).build();
                }));
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> observer) {
    Call<GetResponse> call = new Call<>(observer);
    parsed(
        call,
        () -> {
          Bytes key = reads.key(request.getKeyBytes());
          read(
              call,
              request.getRead(),
              () -> Answers.get(machine.get(key)).setHeader(header(null)).build());
        });
  }

  @Override
  public void list(ListRequest request, StreamObserver<ListResponse> observer) {
    Call<ListResponse> call = new Call<>(observer);
    parsed(
        call,
        () -> {
          ListQuery query = reads.list(request);
          read(
              call,
              request.getRead(),
              () ->
                  Answers.list(machine.list(query), request.getKeysOnly())
                      .setHeader(header(null))
                      .build());
        });
  }

  @Override
  public void count(CountRequest request, StreamObserver<CountResponse> observer) {
    Call<CountResponse> call = new Call<>(observer);
    parsed(
        call,
        () -> {
          Bytes prefix = reads.prefix(request.getPrefixBytes());
          read(
              call,
              request.getRead(),
              () ->
                  CountResponse.newBuilder()
                      .setHeader(header(null))
                      .setCount(machine.count(prefix))
                      .build());
        });
  }

  @Override
  public void getRequestOutcome(
      GetRequestOutcomeRequest request, StreamObserver<GetRequestOutcomeResponse> observer) {
    Call<GetRequestOutcomeResponse> call = new Call<>(observer);
    parsed(call, () -> outcome(call, request));
  }

  private void outcome(Call<GetRequestOutcomeResponse> call, GetRequestOutcomeRequest request) {
    if (request.getCancel()) {
      write(
          call,
          writes.cancel(request),
          WriteRequest.Routing.ANY,
          answer ->
              Answers.outcome(((KvAnswer.OutcomeKnown) answer).outcome())
                  .setHeader(header(answer))
                  .build());
      return;
    }
    RequestIdentity asked = writes.outcomeOf(request);
    OutcomeQuery query = new OutcomeQuery(asked.clientId(), asked.seqNum(), asked.sessionStart());
    read(
        call,
        ReadOptions.getDefaultInstance(),
        () -> Answers.outcome(machine.requestOutcome(query)).setHeader(header(null)).build());
  }

  /** Has a command decided, and translates the answer of the kind that belongs to it. */
  private <T> void write(
      Call<T> call,
      KvCommand command,
      WriteRequest.Routing routing,
      Function<KvAnswer, T> response) {
    boolean identified = command.identity() != null;
    requests.write(
        new WriteRequest(
            CommandCodec.encode(command), identified, routing, Call.answerBy(requests.nowNanos())),
        outcome -> onWritten(call, outcome, identified, response));
  }

  private <T> void onWritten(
      Call<T> call, WriteOutcome outcome, boolean identified, Function<KvAnswer, T> response) {
    if (!(outcome instanceof WriteOutcome.Applied applied)) {
      call.fail(errors.write(outcome, identified, headerAfter(outcome)));
      return;
    }
    KvAnswer answer = AnswerCodec.decode(applied.answer());
    if (answer instanceof KvAnswer.Refusal refusal) {
      call.fail(errors.refusal(refusal, applied.otherCopyUndecided(), requests.header()));
    } else {
      call.succeed(response.apply(answer));
    }
  }

  private <T> void read(Call<T> call, ReadOptions options, Response<T> response) {
    ReadRequest request =
        new ReadRequest(ReadParser.consistency(options), Call.answerBy(requests.nowNanos()));
    Consumer<ReadAnswer> answered =
        answer -> {
          if (answer instanceof ReadAnswer.ReadNow) {
            call.succeed(response.make());
          } else {
            boolean here = answer instanceof ReadAnswer.Overloaded;
            call.fail(errors.read(answer, here ? null : requests.header()));
          }
        };
    requests.read(request, answered);
  }

  /** Runs the handler; a request that cannot be meant so is answered here and now. */
  private <T> void parsed(Call<T> call, Runnable handler) {
    try {
      handler.run();
    } catch (InvalidRequest invalid) {
      call.fail(errors.invalid(invalid));
    }
  }

  /** An overload may be answered on gRPC's thread, where the node cannot be looked at. */
  private @Nullable NodeHeader headerAfter(WriteOutcome outcome) {
    return outcome instanceof WriteOutcome.Overloaded ? null : requests.header();
  }

  private ResponseHeader header(@Nullable KvAnswer answer) {
    return endpoints
        .header(requests.header())
        .setDeduplicated(answer != null && answer.deduplicated())
        .build();
  }

  /** A response, made on the loop while the state machine stands still. */
  private interface Response<T> {
    T make();
  }
}
