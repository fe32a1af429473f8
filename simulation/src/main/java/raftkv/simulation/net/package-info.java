/**
 * The network between the nodes: latency, loss, duplicates, reordering, cuts in one direction or
 * both, links that die and come back.
 *
 * <p>A link leads from the node that dialled it to the other and carries the dialler's messages, as
 * in production. What was sent on a link reaches no other run of either side (safety rule 1.4). A
 * cut loses silently; a link that breaks is told to its dialler, who dials again.
 *
 * <p>{@link raftkv.simulation.net.Weather} holds the rates of all that; they change with the
 * faults.
 */
@NullMarked
package raftkv.simulation.net;

import org.jspecify.annotations.NullMarked;
