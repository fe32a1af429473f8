package raftkv.client.fake;

import io.grpc.stub.StreamObserver;
import java.util.List;
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
import raftkv.proto.kv.v1.PipelineRequest;
import raftkv.proto.kv.v1.PipelineResponse;
import raftkv.proto.kv.v1.PutRequest;
import raftkv.proto.kv.v1.PutResponse;
import raftkv.proto.kv.v1.RequestOutcome;

/** The data service over the shared store. */
final class FakeKvService extends KvServiceGrpc.KvServiceImplBase {
  private final FakeNode node;
  private final FakeStore store;

  FakeKvService(FakeNode node) {
    this.node = node;
    this.store = node.cluster().store();
  }

  @Override
  public StreamObserver<PipelineRequest> pipeline(StreamObserver<PipelineResponse> observer) {
    return node.hasPipelines() ? node.opened(new FakePipeline(this, observer)) : none(observer);
  }

  private StreamObserver<PipelineRequest> none(StreamObserver<PipelineResponse> observer) {
    return super.pipeline(observer);
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> observer) {
    node.onData(request, () -> store.put(request, node.header()), observer);
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> observer) {
    node.onData(request, () -> store.delete(request, node.header()), observer);
  }

  @Override
  public void compareAndSet(
      CompareAndSetRequest request, StreamObserver<CompareAndSetResponse> observer) {
    node.onData(request, () -> store.compareAndSet(request, node.header()), observer);
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> observer) {
    if (request.getKey().equals("who-leads")) {
      node.onLeaderQuestion(() -> get(request), observer);
      return;
    }
    node.onData(request, () -> get(request), observer);
  }

  private GetResponse get(GetRequest request) {
    Entry entry = store.entry(request.getKey());
    GetResponse.Builder answer = GetResponse.newBuilder().setHeader(node.header());
    return entry == null
        ? answer.setFound(false).build()
        : answer.setFound(true).setEntry(entry).build();
  }

  @Override
  public void list(ListRequest request, StreamObserver<ListResponse> observer) {
    node.onData(request, () -> list(request), observer);
  }

  private ListResponse list(ListRequest request) {
    int size = request.getPageSize() == 0 ? 100 : request.getPageSize();
    List<Entry> rest =
        store.entries(request.getPrefix()).stream()
            .filter(entry -> entry.getKey().compareTo(request.getPageToken()) > 0)
            .toList();
    List<Entry> page = rest.subList(0, Math.min(size, rest.size()));
    ListResponse.Builder answer = ListResponse.newBuilder().setHeader(node.header());
    for (Entry entry : page) {
      answer.addEntries(request.getKeysOnly() ? entry.toBuilder().clearData().build() : entry);
    }
    return rest.size() > page.size()
        ? answer.setNextPageToken(page.get(page.size() - 1).getKey()).build()
        : answer.build();
  }

  @Override
  public void count(CountRequest request, StreamObserver<CountResponse> observer) {
    node.onData(
        request,
        () ->
            CountResponse.newBuilder()
                .setHeader(node.header())
                .setCount(store.entries(request.getPrefix()).size())
                .build(),
        observer);
  }

  @Override
  public void getRequestOutcome(
      GetRequestOutcomeRequest request, StreamObserver<GetRequestOutcomeResponse> observer) {
    node.onData(request, () -> outcome(request), observer);
  }

  private GetRequestOutcomeResponse outcome(GetRequestOutcomeRequest request) {
    GetRequestOutcomeResponse.Builder answer =
        GetRequestOutcomeResponse.newBuilder().setHeader(node.header());
    if (store.hasForgotten(request.getClientId(), request.getSeqNum())) {
      return answer.setOutcome(RequestOutcome.REQUEST_OUTCOME_EXPIRED).build();
    }
    Object stored = store.answer(request.getClientId(), request.getSeqNum());
    if (stored instanceof PutResponse put) {
      return answer
          .setOutcome(RequestOutcome.REQUEST_OUTCOME_APPLIED)
          .setIndex(put.getModIndex())
          .setPut(put)
          .build();
    }
    RequestOutcome unknown =
        request.getCancel()
            ? RequestOutcome.REQUEST_OUTCOME_NOT_APPLIED
            : RequestOutcome.REQUEST_OUTCOME_NOT_YET_APPLIED;
    return answer.setOutcome(unknown).build();
  }
}
