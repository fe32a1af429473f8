package raftkv.service;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.proto.kv.v1.KvServiceGrpc;
import raftkv.proto.kv.v1.PipelineAnswer;
import raftkv.proto.kv.v1.PipelineCall;
import raftkv.proto.kv.v1.PipelineRequest;
import raftkv.proto.kv.v1.PipelineResponse;
import raftkv.proto.kv.v1.PutRequest;

/** A pipeline seen from its client, who reads only what the test reads. */
final class PipelineClient extends ClientCall.Listener<PipelineResponse> {
  final List<PipelineResponse> messages = new ArrayList<>();
  @Nullable Status status;
  @Nullable Metadata trailers;

  private final ClientCall<PipelineRequest, PipelineResponse> call;

  PipelineClient(Channel channel) {
    this(channel, CallOptions.DEFAULT);
  }

  PipelineClient(Channel channel, CallOptions options) {
    call = channel.newCall(KvServiceGrpc.getPipelineMethod(), options);
    call.start(this, new Metadata());
  }

  @Override
  public void onMessage(PipelineResponse message) {
    messages.add(message);
  }

  @Override
  public void onClose(Status last, Metadata with) {
    status = last;
    trailers = with;
  }

  void read(int count) {
    call.request(count);
  }

  void send(PipelineCall... calls) {
    call.sendMessage(PipelineRequest.newBuilder().addAllCalls(List.of(calls)).build());
  }

  void send(PipelineRequest message) {
    call.sendMessage(message);
  }

  void finish() {
    call.halfClose();
  }

  void cancel() {
    call.cancel("enough", null);
  }

  List<PipelineAnswer> answers() {
    return messages.stream().flatMap(message -> message.getAnswersList().stream()).toList();
  }

  List<Long> ids() {
    return answers().stream().map(PipelineAnswer::getId).toList();
  }

  static PipelineCall put(long id) {
    return put(id, "v");
  }

  static PipelineCall put(long id, String value) {
    return PipelineCall.newBuilder()
        .setId(id)
        .setPut(PutRequest.newBuilder().setKey("k").setValue(value))
        .build();
  }
}
