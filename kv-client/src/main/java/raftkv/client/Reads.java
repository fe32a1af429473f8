package raftkv.client;

import raftkv.client.session.RequestKind;
import raftkv.proto.kv.v1.ClusterServiceGrpc;
import raftkv.proto.kv.v1.Consistency;
import raftkv.proto.kv.v1.CountRequest;
import raftkv.proto.kv.v1.CountResponse;
import raftkv.proto.kv.v1.GetRequest;
import raftkv.proto.kv.v1.GetRequestOutcomeRequest;
import raftkv.proto.kv.v1.GetRequestOutcomeResponse;
import raftkv.proto.kv.v1.GetResponse;
import raftkv.proto.kv.v1.KvServiceGrpc;
import raftkv.proto.kv.v1.ListRequest;
import raftkv.proto.kv.v1.ListResponse;
import raftkv.proto.kv.v1.PipelineAnswer;
import raftkv.proto.kv.v1.PipelineCall;
import raftkv.proto.kv.v1.ReadOptions;
import raftkv.proto.kv.v1.StatusRequest;
import raftkv.proto.kv.v1.StatusResponse;

/** The operations that may be sent any number of times. */
final class Reads {
  private Reads() {}

  static Operation<GetRequest, GetResponse, GetResult> get(String key, ReadMode mode) {
    GetRequest request = GetRequest.newBuilder().setKey(key).setRead(options(mode)).build();
    return new Operation<>(
        KvServiceGrpc.getGetMethod(),
        RequestKind.READ,
        new PipelineForm<>(PipelineCall.Builder::setGet, PipelineAnswer::getGet),
        stamp -> request,
        GetResponse::getHeader,
        Answers::get);
  }

  static Operation<ListRequest, ListResponse, ListPage> list(PageRequest page, ReadMode mode) {
    ListRequest request =
        ListRequest.newBuilder()
            .setPrefix(page.prefix())
            .setPageSize(page.size())
            .setPageToken(page.token())
            .setKeysOnly(page.part() == PageRequest.Part.KEYS)
            .setRead(options(mode))
            .build();
    return new Operation<>(
        KvServiceGrpc.getListMethod(),
        RequestKind.READ,
        new PipelineForm<>(PipelineCall.Builder::setList, PipelineAnswer::getList),
        stamp -> request,
        ListResponse::getHeader,
        Answers::list);
  }

  static Operation<CountRequest, CountResponse, CountResult> count(String prefix, ReadMode mode) {
    CountRequest request =
        CountRequest.newBuilder().setPrefix(prefix).setRead(options(mode)).build();
    return new Operation<>(
        KvServiceGrpc.getCountMethod(),
        RequestKind.READ,
        new PipelineForm<>(PipelineCall.Builder::setCount, PipelineAnswer::getCount),
        stamp -> request,
        CountResponse::getHeader,
        answer -> new CountResult(answer.getCount(), Answers.by(answer.getHeader())));
  }

  /**
   * Sealing a number twice is sealing it once, so this, too, may be sent again; but it changes
   * something, so that a copy without an answer leaves it unknown.
   */
  static Operation<GetRequestOutcomeRequest, GetRequestOutcomeResponse, FateResult> fate(
      GetRequestOutcomeRequest request) {
    return new Operation<>(
        KvServiceGrpc.getGetRequestOutcomeMethod(),
        request.getCancel() ? RequestKind.WRITE_WITH_GIVEN_ID : RequestKind.READ,
        new PipelineForm<>(
            PipelineCall.Builder::setGetRequestOutcome, PipelineAnswer::getGetRequestOutcome),
        stamp -> request,
        GetRequestOutcomeResponse::getHeader,
        Answers::fate);
  }

  static Operation<StatusRequest, StatusResponse, StatusResponse> status() {
    return new Operation<>(
        ClusterServiceGrpc.getStatusMethod(),
        RequestKind.READ,
        null,
        stamp -> StatusRequest.getDefaultInstance(),
        StatusResponse::getHeader,
        answer -> answer);
  }

  private static ReadOptions options(ReadMode mode) {
    return ReadOptions.newBuilder()
        .setConsistency(
            mode.consistency() == ReadMode.Consistency.STALE
                ? Consistency.CONSISTENCY_STALE
                : Consistency.CONSISTENCY_LINEARIZABLE)
        .setMinIndex(mode.minIndex())
        .setMaxStalenessMs(mode.maxStalenessMillis())
        .build();
  }
}
