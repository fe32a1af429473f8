/**
 * The write-ahead log: hard state and entries in one stream of records, over segment files.
 *
 * <pre>
 *   segment-0000000001.wal                                    segment-0000000002.wal
 *   +--------+-------+-------+------+--------+--------+-----+  +--------+-------+----
 *   | header | batch | batch | gap  | marker | marker | ... |  | header | batch | ...
 *   +--------+-------+-------+------+--------+--------+-----+  +--------+-------+----
 *     entered  entries, hard   zeros  "all of this    closing   prepared: zeros until entered
 *              state           to the  is forced",    record
 *                              page    in two pages
 *
 *   loop --append--> queue --disk worker--> SegmentWriter: one write, one force --> persisted
 *                              file worker: SegmentPreparer, two segments ahead
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>No write touches a forced sector, but for zeroing a torn tail found at start.
 *   <li>Each record names its place and the record before it; what does not chain is not log.
 *   <li>Every record says up to where everything was forced when it was written. Damage below that
 *       is rot and refused; damage above it was never promised and is cut, with a warning.
 *   <li>After a failed write or force nothing is written any more, ever.
 * </ul>
 *
 * <p>The formats are drawn at {@link raftkv.storage.wal.SegmentHeader}, {@link
 * raftkv.storage.wal.RecordHeader}, {@link raftkv.storage.wal.Layout} and {@link
 * raftkv.port.EntryCodec}. It must not know who votes, what is committed, or what an entry means.
 */
@NullMarked
package raftkv.storage.wal;

import org.jspecify.annotations.NullMarked;
