/**
 * What the node runtime needs from the world: interfaces, and the pure records that cross them.
 * Production adapters live in {@code storage}, {@code transport}, {@code kv} and {@code runtime};
 * the simulator brings its own. Knows {@code raft} only.
 */
@NullMarked
package raftkv.port;

import org.jspecify.annotations.NullMarked;
