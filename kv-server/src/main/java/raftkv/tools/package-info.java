/**
 * What a person runs over a data directory while the node is down, or at the same time: they look,
 * take no lock and never write.
 *
 * <pre>
 *   kv-server wal-dump [--json] DIR          every record and entry of the log
 *   kv-server snapshot-dump [--json] FILE    every part of a snapshot, and what is in it
 *   kv-server verify [--json] DIR            whether a node would start from it, and with what
 * </pre>
 *
 * <p>{@code verify} runs the code of a start over a disk that keeps changes in memory, so that it
 * cannot be of another opinion. Knows the adapters it looks through; known by {@code server} alone.
 */
@NullMarked
package raftkv.tools;

import org.jspecify.annotations.NullMarked;
