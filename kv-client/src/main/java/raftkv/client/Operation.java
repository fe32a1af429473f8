package raftkv.client;

import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import raftkv.client.session.RequestKind;
import raftkv.proto.kv.v1.ResponseHeader;

/**
 * One kind of call, with everything that is particular to it.
 *
 * @param form how it travels in a pipeline; null if it never does
 * @param encode makes the message of a copy; called once a copy, since the ack in a stamp moves on
 */
record Operation<Q extends MessageLite, A, R>(
    MethodDescriptor<Q, A> method,
    RequestKind kind,
    @Nullable PipelineForm<Q, A> form,
    Function<Stamp, Q> encode,
    Function<A, ResponseHeader> header,
    Function<A, R> result) {

  /** Its name for people. */
  String name() {
    return String.valueOf(method.getBareMethodName());
  }
}
