/**
 * The data directory: the real {@link raftkv.port.Disk}, the lock that keeps a second process away,
 * and the identity file that keeps a directory from being used by another node or cluster.
 *
 * <p>Order at start: directory, lock, identity; only then may anything else be opened there. Knows
 * {@code port} and {@code raft}; it must not know what a log or a snapshot contains.
 */
@NullMarked
package raftkv.storage.disk;

import org.jspecify.annotations.NullMarked;
