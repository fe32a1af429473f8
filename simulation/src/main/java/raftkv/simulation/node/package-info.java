/**
 * One node of the cluster: the production runtime, log, fence and state machine over simulated
 * time, disk and network. A composition root like the server's: nothing below it knows that it is
 * simulated, and nothing here decides what a node does.
 *
 * <p>{@link raftkv.simulation.node.SimNode} is the machine, whose disk stays; {@link
 * raftkv.simulation.node.NodeRun} is one run of the program on it. {@link
 * raftkv.simulation.node.Watch} sees what passes the ports, which is all that the checkers look at.
 */
@NullMarked
package raftkv.simulation.node;

import org.jspecify.annotations.NullMarked;
