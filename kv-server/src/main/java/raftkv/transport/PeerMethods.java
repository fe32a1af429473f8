package raftkv.transport;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.io.InputStream;
import raftkv.proto.raft.v1.ExchangeRequest;
import raftkv.proto.raft.v1.ExchangeResponse;
import raftkv.proto.raft.v1.FetchLogRequest;
import raftkv.proto.raft.v1.FetchLogResponse;
import raftkv.proto.raft.v1.ForwardRequest;
import raftkv.proto.raft.v1.ForwardResponse;
import raftkv.proto.raft.v1.InstallSnapshotRequest;
import raftkv.proto.raft.v1.InstallSnapshotResponse;
import raftkv.proto.raft.v1.RaftPeerGrpc;

/**
 * The methods of {@code raft.v1.RaftPeer}, parsing in place: the bytes of entries, commands and
 * snapshots stay in the array into which the message was read, instead of being copied out one by
 * one.
 */
final class PeerMethods {
  static final MethodDescriptor<ExchangeRequest, ExchangeResponse> EXCHANGE =
      RaftPeerGrpc.getExchangeMethod().toBuilder()
          .setRequestMarshaller(new InPlace<>(ExchangeRequest.getDefaultInstance()))
          .build();

  static final MethodDescriptor<ForwardRequest, ForwardResponse> FORWARD =
      RaftPeerGrpc.getForwardMethod().toBuilder()
          .setRequestMarshaller(new InPlace<>(ForwardRequest.getDefaultInstance()))
          .setResponseMarshaller(new InPlace<>(ForwardResponse.getDefaultInstance()))
          .build();

  static final MethodDescriptor<InstallSnapshotRequest, InstallSnapshotResponse> INSTALL_SNAPSHOT =
      RaftPeerGrpc.getInstallSnapshotMethod().toBuilder()
          .setRequestMarshaller(new InPlace<>(InstallSnapshotRequest.getDefaultInstance()))
          .build();

  static final MethodDescriptor<FetchLogRequest, FetchLogResponse> FETCH_LOG =
      RaftPeerGrpc.getFetchLogMethod().toBuilder()
          .setResponseMarshaller(new InPlace<>(FetchLogResponse.getDefaultInstance()))
          .build();

  /** The service as both sides know it, with the schema that reflection shows. */
  static final ServiceDescriptor SERVICE =
      ServiceDescriptor.newBuilder(RaftPeerGrpc.SERVICE_NAME)
          .setSchemaDescriptor(RaftPeerGrpc.getServiceDescriptor().getSchemaDescriptor())
          .addMethod(EXCHANGE)
          .addMethod(FORWARD)
          .addMethod(INSTALL_SNAPSHOT)
          .addMethod(FETCH_LOG)
          .build();

  private PeerMethods() {}

  private static final class InPlace<T extends Message> implements MethodDescriptor.Marshaller<T> {
    private final MethodDescriptor.Marshaller<T> usual;
    private final Parser<T> parser;

    @SuppressWarnings("unchecked")
    InPlace(T defaultInstance) {
      this.usual = ProtoUtils.marshaller(defaultInstance);
      this.parser = (Parser<T>) defaultInstance.getParserForType();
    }

    @Override
    public InputStream stream(T value) {
      return usual.stream(value);
    }

    @Override
    public T parse(InputStream stream) {
      try {
        byte[] bytes = stream instanceof KnownLength ? known(stream) : stream.readAllBytes();
        CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
        input.enableAliasing(true);
        T message = parser.parseFrom(input);
        input.checkLastTagWas(0);
        return message;
      } catch (IOException e) {
        throw Status.INTERNAL
            .withDescription("message cannot be parsed")
            .withCause(e)
            .asRuntimeException();
      }
    }

    private static byte[] known(InputStream stream) throws IOException {
      return stream.readNBytes(stream.available());
    }
  }
}
