package raftkv.cli;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import raftkv.proto.kv.v1.CompareAndSetRequest;
import raftkv.proto.kv.v1.CompareAndSetResponse;
import raftkv.proto.kv.v1.CountRequest;
import raftkv.proto.kv.v1.CountResponse;
import raftkv.proto.kv.v1.DeleteRequest;
import raftkv.proto.kv.v1.DeleteResponse;
import raftkv.proto.kv.v1.Entry;
import raftkv.proto.kv.v1.GetRequest;
import raftkv.proto.kv.v1.GetRequestOutcomeRequest;
import raftkv.proto.kv.v1.GetRequestOutcomeResponse;
import raftkv.proto.kv.v1.GetResponse;
import raftkv.proto.kv.v1.KvServiceGrpc;
import raftkv.proto.kv.v1.ListRequest;
import raftkv.proto.kv.v1.ListResponse;
import raftkv.proto.kv.v1.PipelineCall;
import raftkv.proto.kv.v1.PipelineRequest;
import raftkv.proto.kv.v1.PipelineResponse;
import raftkv.proto.kv.v1.PutRequest;
import raftkv.proto.kv.v1.PutResponse;
import raftkv.proto.kv.v1.RequestOutcome;
import raftkv.proto.kv.v1.ResponseHeader;

/** The partner of a {@link Rehearsal}: says its lines, and stores nothing. */
final class RehearsalData extends KvServiceGrpc.KvServiceImplBase {
  static final ResponseHeader HEADER =
      ResponseHeader.newBuilder()
          .setClusterId("00")
          .setNodeId(1)
          .setTerm(1)
          .setAppliedIndex(1)
          .setLeaderId(1)
          .setLeaderEndpoint("localhost:9001")
          .build();
  private static final PutResponse DONE =
      PutResponse.newBuilder().setHeader(HEADER).setModIndex(1).build();
  private static final Entry ENTRY =
      Entry.newBuilder()
          .setKey("k")
          .setValue("v")
          .setModIndex(1)
          .setCreateIndex(1)
          .setVersion(1)
          .build();

  static <A> void say(StreamObserver<A> observer, A line) {
    observer.onNext(line);
    observer.onCompleted();
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> observer) {
    if (request.getKey().equals("refused")) {
      ErrorInfo info =
          ErrorInfo.newBuilder()
              .setDomain("kv.v1")
              .setReason("OVERLOADED")
              .putMetadata("outcome", "NOT_APPLIED")
              .build();
      Status status =
          Status.newBuilder()
              .setCode(io.grpc.Status.Code.UNAVAILABLE.value())
              .addDetails(Any.pack(info))
              .build();
      observer.onError(StatusProto.toStatusRuntimeException(status));
      return;
    }
    say(observer, DONE);
  }

  /** Takes puts alone: no command sends anything else by a pipeline. */
  @Override
  public StreamObserver<PipelineRequest> pipeline(StreamObserver<PipelineResponse> observer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(PipelineRequest message) {
        PipelineResponse.Builder answers = PipelineResponse.newBuilder();
        for (PipelineCall call : message.getCallsList()) {
          answers.addAnswersBuilder().setId(call.getId()).setPut(DONE);
        }
        observer.onNext(answers.build());
      }

      @Override
      public void onError(Throwable gone) {
        // The command has what it wanted.
      }

      @Override
      public void onCompleted() {
        observer.onCompleted();
      }
    };
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> observer) {
    say(
        observer,
        GetResponse.newBuilder().setHeader(HEADER).setFound(true).setEntry(ENTRY).build());
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> observer) {
    say(
        observer,
        DeleteResponse.newBuilder().setHeader(HEADER).setFound(true).setSucceeded(true).build());
  }

  @Override
  public void compareAndSet(
      CompareAndSetRequest request, StreamObserver<CompareAndSetResponse> observer) {
    say(
        observer,
        CompareAndSetResponse.newBuilder()
            .setHeader(HEADER)
            .setSucceeded(true)
            .setEntry(ENTRY)
            .build());
  }

  @Override
  public void list(ListRequest request, StreamObserver<ListResponse> observer) {
    say(observer, ListResponse.newBuilder().setHeader(HEADER).addEntries(ENTRY).build());
  }

  @Override
  public void count(CountRequest request, StreamObserver<CountResponse> observer) {
    say(observer, CountResponse.newBuilder().setHeader(HEADER).setCount(1).build());
  }

  @Override
  public void getRequestOutcome(
      GetRequestOutcomeRequest request, StreamObserver<GetRequestOutcomeResponse> observer) {
    say(
        observer,
        GetRequestOutcomeResponse.newBuilder()
            .setHeader(HEADER)
            .setOutcome(RequestOutcome.REQUEST_OUTCOME_APPLIED)
            .build());
  }
}
