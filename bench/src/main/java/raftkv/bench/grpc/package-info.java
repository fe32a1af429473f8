/**
 * Targets that are reached by gRPC: this system, etcd, and an echo as the ceiling of both.
 *
 * <p>All use {@link raftkv.bench.grpc.Channels}: one connection to the node that leads, one thread
 * for it, answers on that thread, no retries. Whatever the generator costs, it costs it for all.
 */
@NullMarked
package raftkv.bench.grpc;

import org.jspecify.annotations.NullMarked;
