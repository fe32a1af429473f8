/**
 * What a client decides: whom to ask, when to ask again, and what may be said of a write that got
 * no answer. Pure: time and randomness are parameters, endpoints are numbers, no gRPC, no threads,
 * so that the simulator's clients run the very same rules.
 *
 * <pre>
 *   a request --&gt; Attempts --&gt; Send(copy, endpoint) | Ask | OpenSession | Finish(verdict)
 *                  |   ^
 *                  |   failure of a copy, passing of time
 *                  v
 *              LeaderMap    which endpoint leads, learned from every answer
 *   SessionWindow           sequence numbers in flight, and which answers may be forgotten
 *   Questions               how often the client may ask who leads
 * </pre>
 *
 * <p>A <b>copy</b> is one sending of a request. Several copies of one write carry the same
 * (client_id, seq_num) and take effect once; what is certain of one of them is not certain of the
 * others (safety rule 3.3), and {@link raftkv.client.session.Attempts} is the one place that weighs
 * them. What was never handed to a connection is no copy: it cannot have been applied.
 */
@NullMarked
package raftkv.client.session;

import org.jspecify.annotations.NullMarked;
