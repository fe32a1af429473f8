/**
 * The Raft consensus algorithm, alone: a deterministic function from inputs to outputs.
 *
 * <p>{@link raftkv.raft.RaftNode} takes a peer's message, the passing of time, a proposal, a read
 * request, "ticket n is on disk", "entries up to i are applied" or "the link to peer p broke", and
 * after a burst of them gives one batch, {@link raftkv.raft.Ready}. It does no I/O, starts no
 * thread, reads no clock, owns no randomness and writes no log; whoever drives it does.
 *
 * <pre>
 *   tick, step, propose, confirmRead, persisted, applied ...
 *        |
 *        v
 *   RaftNode -- Role (Follower | Candidate | Leader -- Progress per peer, AppendRound, ReadQueue)
 *        |----- RaftLog        entries since the snapshot; commit and handed-out cursors
 *        |----- PendingWrites  tickets in flight: what is durable
 *        |----- Electorate     who counts
 *        v
 *   Ready: one write, messages, committed entries, confirmed reads, notices
 * </pre>
 *
 * <p>Words of our own, defined here and nowhere else:
 *
 * <ul>
 *   <li><b>matched</b>: the highest index up to which a follower knows its log to equal that of the
 *       leader of the current term.
 *   <li><b>durable</b>: forced to the disk of the node that says so. An ack is min(matched,
 *       durable).
 *   <li><b>ticket</b>: the number of a {@link raftkv.raft.Write}; "ticket n is durable" covers that
 *       write and all before it.
 *   <li><b>turn</b>: one round of the driving loop: tick, drain the inputs, expire timers, take one
 *       Ready, perform it.
 *   <li><b>incarnation</b>: the identity of a node's data; a node that lost promised bytes goes on
 *       under a new one.
 *   <li><b>counts</b>: a grant, echo or ack counts if the counting node's own log names the
 *       sender's incarnation ({@link raftkv.raft.Electorate}).
 * </ul>
 *
 * <p>It must not know: gRPC, files, threads, clocks, loggers, keys and values.
 */
@NullMarked
package raftkv.raft;

import org.jspecify.annotations.NullMarked;
