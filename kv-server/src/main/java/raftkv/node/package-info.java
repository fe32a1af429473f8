/**
 * One node at run time: the loop that drives the Raft core, and the requests that wait for it.
 *
 * <pre>
 *   services, simulated clients          transport, log store
 *        | Requests                            | Receiver, Listener
 *        v                                     v
 *   +----------------------- Inbox: three lanes ----------------------+
 *        |
 *        v  one turn of RaftRuntime: tick, completions, peers, clients, expireTimers, takeReady
 *   WriteDesk, ReadDesk, ...  --> RaftNode --> Ready --> log store, transport, state machine
 * </pre>
 *
 * <p>Everything here but the inbox belongs to the event loop. Invariants: a write is answered only
 * by what was committed at its index (safety rule 3.1); whatever is waited for has a deadline;
 * every queue has a limit; a fenced replica gives no result (safety rule 7.1).
 *
 * <p>It must not know: gRPC, files, threads, clocks, keys and values. The same code runs in
 * production and in simulation.
 */
@NullMarked
package raftkv.node;

import org.jspecify.annotations.NullMarked;
