package raftkv.service;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import raftkv.node.Requests;
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
import raftkv.proto.kv.v1.PipelineRequest;
import raftkv.proto.kv.v1.PipelineResponse;
import raftkv.proto.kv.v1.PutRequest;
import raftkv.proto.kv.v1.PutResponse;

/** The data service. Handlers run on gRPC's thread, their answers on the node's loop. */
final class KvCalls extends KvServiceGrpc.KvServiceImplBase {
  private final Requests requests;
  private final DataRequests data;
  private final Pipelines pipelines;
  private final AnswerRoom room;

  KvCalls(Requests requests, DataRequests data, Pipelines pipelines, AnswerRoom room) {
    this.requests = requests;
    this.data = data;
    this.pipelines = pipelines;
    this.room = room;
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> observer) {
    data.put(request, answerBy(), new Call<>(observer, room));
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> observer) {
    data.delete(request, answerBy(), new Call<>(observer, room));
  }

  @Override
  public void compareAndSet(
      CompareAndSetRequest request, StreamObserver<CompareAndSetResponse> observer) {
    data.compareAndSet(request, answerBy(), new Call<>(observer, room));
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> observer) {
    data.get(request, answerBy(), new Call<>(observer, room));
  }

  @Override
  public void list(ListRequest request, StreamObserver<ListResponse> observer) {
    data.list(request, answerBy(), new Call<>(observer, room));
  }

  @Override
  public void count(CountRequest request, StreamObserver<CountResponse> observer) {
    data.count(request, answerBy(), new Call<>(observer, room));
  }

  @Override
  public void getRequestOutcome(
      GetRequestOutcomeRequest request, StreamObserver<GetRequestOutcomeResponse> observer) {
    data.getRequestOutcome(request, answerBy(), new Call<>(observer, room));
  }

  @Override
  public StreamObserver<PipelineRequest> pipeline(StreamObserver<PipelineResponse> observer) {
    return pipelines.open((ServerCallStreamObserver<PipelineResponse>) observer);
  }

  private long answerBy() {
    return Call.answerBy(requests.nowNanos());
  }
}
