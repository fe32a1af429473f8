/**
 * What must hold after every event, whatever goes wrong. Checkers see what passes the ports and
 * what is on the wire; they know the paper, not the implementation, and share no code with it.
 *
 * <table>
 *   <caption>Checkers</caption>
 *   <tr><td>{@link raftkv.simulation.check.Elections}</td><td>Election Safety, Leader Append-Only,
 *       Leader Completeness; terms on the wire</td></tr>
 *   <tr><td>{@link raftkv.simulation.check.Ballots}</td><td>leaders are elected by a majority that
 *       counts, for logs that are up to date</td></tr>
 *   <tr><td>{@link raftkv.simulation.check.Commits}</td><td>leaders commit entries of their term that
 *       a majority which counts holds</td></tr>
 *   <tr><td>{@link raftkv.simulation.check.ReadRounds}</td><td>read indexes are confirmed behind the
 *       question</td></tr>
 *   <tr><td>{@link raftkv.simulation.check.Admitting}</td><td>who is named has caught up, who says
 *       that he is admitted is</td></tr>
 *   <tr><td>{@link raftkv.simulation.check.Deposition}</td><td>no leader without a majority</td></tr>
 *   <tr><td>{@link raftkv.simulation.check.Logs}</td><td>Log Matching; what each node has written,
 *       and what of it is durable</td></tr>
 *   <tr><td>{@link raftkv.simulation.check.Promises}</td><td>each ack and vote is covered by durable
 *       bytes; a restart finds what was promised and nothing else</td></tr>
 *   <tr><td>{@link raftkv.simulation.check.Committed}</td><td>State Machine Safety, a majority holds
 *       what is committed, equal hashes at equal indexes</td></tr>
 *   <tr><td>{@link raftkv.simulation.check.Reference}</td><td>results are those of a plain map</td></tr>
 *   <tr><td>{@link raftkv.simulation.check.ExactlyOnce}</td><td>each (client_id, seq_num) takes
 *       effect once, sealed ones never</td></tr>
 * </table>
 */
@NullMarked
package raftkv.simulation.check;

import org.jspecify.annotations.NullMarked;
