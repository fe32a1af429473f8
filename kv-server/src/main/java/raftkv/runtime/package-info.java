/**
 * Threads and the clock: the only package of the server that has any. One loop thread owns the
 * node; workers do the blocking work. Threads are named {@code kv-<node>-<role>}; one that ends by
 * an exception ends the process, since a node that is half there is worse than one that is gone.
 *
 * <p>Must not know: what runs on the threads.
 */
@NullMarked
package raftkv.runtime;

import org.jspecify.annotations.NullMarked;
