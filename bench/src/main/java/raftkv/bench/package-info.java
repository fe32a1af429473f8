/**
 * The load generator: a closed loop of puts with a fixed number in flight, and what it took.
 *
 * <p>{@link raftkv.bench.Target} is what is measured, {@link raftkv.bench.ClosedLoop} how. Run it
 * by {@code bench/run.sh}, which starts three nodes on this machine unless it is told of others.
 */
@NullMarked
package raftkv.bench;

import org.jspecify.annotations.NullMarked;
