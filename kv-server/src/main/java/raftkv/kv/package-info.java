/**
 * The replicated state: keys and values, sessions, and a hash over both. A deterministic function
 * of the committed log; no clock, no locale, no hash order, no randomness.
 *
 * <pre>
 *   entry ── CommandCodec ──► KvCommand
 *                                │
 *   KvStateMachine ── Sessions ──┤ new, duplicate or refused?
 *        │               │       ▼
 *        │               │    KvStore (B+tree, O(1) capture)
 *        └── HashSum ◄───┴───────┘            answer ── AnswerCodec ──► bytes, kept in the session
 * </pre>
 *
 * <p>Invariants: the incremental hash equals the one recomputed from scratch after every entry; a
 * captured {@link raftkv.kv.KvView} never changes; a (client_id, seq_num) takes effect at most
 * once, whatever was evicted meanwhile (safety rules 4.1 to 4.7).
 *
 * <p>Knows {@code port}, {@code raft} and the JDK only: neither proto nor gRPC nor files.
 */
@NullMarked
package raftkv.kv;

import org.jspecify.annotations.NullMarked;
