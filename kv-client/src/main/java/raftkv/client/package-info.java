/**
 * The client library: a cluster as one store of keys and values.
 *
 * <p>{@link raftkv.client.KvClient} is the blocking face, {@link raftkv.client.AsyncKv} the one
 * with futures, {@link raftkv.client.ClusterCalls} what operators ask. Behind them:
 *
 * <pre>
 *   KvClient --&gt; AsyncKv --&gt; Engine      owns all state, on one thread: the event loop
 *                              |-- Flight        one request: performs the steps of its Attempts
 *                              |-- SessionKeeper the windowed sessions of this client
 *                              |-- Alarm         the one timer of all flights
 *                              |-- NodeChannel   one connection per endpoint, with its Pipeline
 *                              '-- ErrorReader   from a gRPC status to a CopyFailure
 * </pre>
 *
 * <p>What to do after a failure is decided in {@link raftkv.client.session} and nowhere else:
 * gRPC's own retries are off, so that no copy is sent that is not counted there.
 */
@NullMarked
package raftkv.client;

import org.jspecify.annotations.NullMarked;
