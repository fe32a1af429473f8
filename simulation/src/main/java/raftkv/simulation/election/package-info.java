/**
 * Election times as in Figure 16 of the Raft paper: how long five servers are without a leader
 * after theirs has crashed, by the randomness of the election timeout.
 *
 * <pre>
 *   ElectionFigure --&gt; ElectionTrial: five production cores, virtual time, the paper's broadcast time
 *        |
 *        v
 *   lines of JSON, a table, CumulativePlot
 * </pre>
 *
 * <p>As in the paper (§9.3): the leader sends a heartbeat to all at once and crashes at a random
 * moment within the next heartbeat interval, which is half of the least election timeout; the logs
 * of the servers differ in length, so that some cannot be elected.
 */
@NullMarked
package raftkv.simulation.election;

import org.jspecify.annotations.NullMarked;
