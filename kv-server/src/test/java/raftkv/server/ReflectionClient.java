package raftkv.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.Status;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Does what a terminal client does: asks the server for its schema, makes messages of JSON, and
 * prints answers and error details as JSON. Knows none of our generated classes.
 */
final class ReflectionClient implements AutoCloseable {
  private final ManagedChannel channel;

  ReflectionClient(int port) {
    channel = ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  /** Names of all services. */
  List<String> services() throws Exception {
    List<String> names = new ArrayList<>();
    ask(ServerReflectionRequest.newBuilder().setListServices("").build())
        .getListServicesResponse()
        .getServiceList()
        .forEach(service -> names.add(service.getName()));
    return names;
  }

  /** Calls {@code package.Service/Method} with a message in JSON; all answers in one line. */
  String call(String method, String json) throws Exception {
    int slash = method.indexOf('/');
    String service = method.substring(0, slash);
    Descriptors.FileDescriptor file = file(service);
    Descriptors.ServiceDescriptor found =
        file.findServiceByName(service.substring(service.lastIndexOf('.') + 1));
    Descriptors.MethodDescriptor described = found.findMethodByName(method.substring(slash + 1));
    DynamicMessage.Builder request = DynamicMessage.newBuilder(described.getInputType());
    JsonFormat.parser().merge(json, request);
    Iterator<DynamicMessage> responses =
        ClientCalls.blockingServerStreamingCall(
            channel,
            MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                .setType(type(described))
                .setFullMethodName(method)
                .setRequestMarshaller(
                    ProtoUtils.marshaller(
                        DynamicMessage.getDefaultInstance(described.getInputType())))
                .setResponseMarshaller(
                    ProtoUtils.marshaller(
                        DynamicMessage.getDefaultInstance(described.getOutputType())))
                .build(),
            CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
            request.build());
    List<String> answers = new ArrayList<>();
    while (responses.hasNext()) {
      answers.add(JsonFormat.printer().omittingInsignificantWhitespace().print(responses.next()));
    }
    return String.join(" ", answers);
  }

  private static MethodDescriptor.MethodType type(Descriptors.MethodDescriptor described) {
    return described.isServerStreaming()
        ? MethodDescriptor.MethodType.BIDI_STREAMING
        : MethodDescriptor.MethodType.UNARY;
  }

  /** The details of an error as JSON, decoded by what reflection knows of that service. */
  String details(StatusRuntimeException thrown, String service) throws Exception {
    Status status = StatusProto.fromThrowable(thrown);
    TypeRegistry.Builder types = TypeRegistry.newBuilder();
    addTypes(file(service), types);
    return JsonFormat.printer()
        .usingTypeRegistry(types.build())
        .omittingInsignificantWhitespace()
        .print(status == null ? Status.getDefaultInstance() : status);
  }

  private static void addTypes(Descriptors.FileDescriptor file, TypeRegistry.Builder types) {
    types.add(file.getMessageTypes());
    for (Descriptors.FileDescriptor imported : file.getDependencies()) {
      addTypes(imported, types);
    }
  }

  private Descriptors.FileDescriptor file(String symbol) throws Exception {
    Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
    String first = "";
    for (ByteString bytes :
        ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(symbol).build())
            .getFileDescriptorResponse()
            .getFileDescriptorProtoList()) {
      FileDescriptorProto file = FileDescriptorProto.parseFrom(bytes);
      first = first.isEmpty() ? file.getName() : first;
      files.put(file.getName(), file);
    }
    return build(first, files, new LinkedHashMap<>());
  }

  private Descriptors.FileDescriptor build(
      String name,
      Map<String, FileDescriptorProto> files,
      Map<String, Descriptors.FileDescriptor> built)
      throws Exception {
    Descriptors.FileDescriptor done = built.get(name);
    if (done == null) {
      FileDescriptorProto file = files.get(name);
      List<Descriptors.FileDescriptor> imports = new ArrayList<>();
      for (String imported : file.getDependencyList()) {
        imports.add(build(imported, files, built));
      }
      done =
          Descriptors.FileDescriptor.buildFrom(
              file, imports.toArray(new Descriptors.FileDescriptor[0]));
      built.put(name, done);
    }
    return done;
  }

  private ServerReflectionResponse ask(ServerReflectionRequest question) throws Exception {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> questions =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {
                    answer.completeExceptionally(new IllegalStateException("no answer"));
                  }
                });
    questions.onNext(question);
    ServerReflectionResponse response = answer.get(20, TimeUnit.SECONDS);
    questions.onCompleted();
    return response;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
