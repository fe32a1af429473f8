/**
 * Snapshots as files: a captured state in checked chunks, written under another name, forced, read
 * back, renamed, the directory forced.
 *
 * <pre>
 *   snapshot-0000000007-0000000000000001024.snap
 *   +--------+--------+---------+---------+-----+--------+
 *   | header | roster | chunk 1 | chunk 2 | ... | footer |
 *   +--------+--------+---------+---------+-----+--------+
 *     position,         length, number,           counts, checksum of the whole,
 *     cluster           checksum, state           hash of the state
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A file with a snapshot's name was complete, forced, and verified when it got that name.
 *   <li>A file whose recomputed hash differs from its footer is neither restored, nor stored, nor
 *       sent to its end (safety rule 6.9).
 *   <li>While there is a valid snapshot, there is one at every moment, crashes included.
 *   <li>What a checksum does not cover is no part of a snapshot: every byte is covered.
 * </ul>
 *
 * <p>The formats are drawn at {@link raftkv.storage.snapshot.SnapshotHeader}, {@link
 * raftkv.storage.snapshot.Chunk} and {@link raftkv.storage.snapshot.SnapshotFooter}. Knows {@code
 * port}, {@code raft} and {@code storage.disk}; it must not know what a state contains, nor when
 * one is captured.
 */
@NullMarked
package raftkv.storage.snapshot;

import org.jspecify.annotations.NullMarked;
