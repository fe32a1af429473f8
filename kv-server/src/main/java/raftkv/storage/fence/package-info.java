/**
 * Keeps on disk that a replica was found to differ from the majority (safety rule 7.1). One small
 * file, written under another name, forced, renamed, the directory forced. Knows {@code port} and
 * {@code raft} only.
 */
@NullMarked
package raftkv.storage.fence;

import org.jspecify.annotations.NullMarked;
