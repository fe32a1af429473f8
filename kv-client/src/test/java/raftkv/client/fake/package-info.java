/**
 * A cluster that does what a test tells it: real gRPC on the loopback, a shared store, and a script
 * of how each node treats its next calls.
 */
@NullMarked
package raftkv.client.fake;

import org.jspecify.annotations.NullMarked;
