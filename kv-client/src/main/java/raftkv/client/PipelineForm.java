package raftkv.client;

import java.util.function.BiConsumer;
import java.util.function.Function;
import raftkv.proto.kv.v1.PipelineAnswer;
import raftkv.proto.kv.v1.PipelineCall;

/**
 * How one kind of call travels in a pipeline.
 *
 * @param put makes a request the content of a call
 * @param take gets the response out of an answer that is no error
 */
record PipelineForm<Q, A>(
    BiConsumer<PipelineCall.Builder, Q> put, Function<PipelineAnswer, A> take) {}
