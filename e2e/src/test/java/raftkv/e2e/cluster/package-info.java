/**
 * Real processes of the built programs on free ports of this machine: started through the launchers
 * in {@code bin}, killed, paused and ended by their own process ids.
 *
 * <p>{@link raftkv.e2e.cluster.NodeProcess} is one node over several runs, {@link
 * raftkv.e2e.cluster.Cluster} three of them with a client to ask, {@link
 * raftkv.e2e.cluster.Program} any other call with its output and exit code. Nothing waits a fixed
 * time: each wait names its condition and a limit.
 */
@NullMarked
package raftkv.e2e.cluster;

import org.jspecify.annotations.NullMarked;
