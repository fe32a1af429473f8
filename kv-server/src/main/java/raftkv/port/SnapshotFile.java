package raftkv.port;

import raftkv.raft.SnapshotMeta;

/**
 * A snapshot that is whole and durable, on this node or on the peer that offers it.
 *
 * @param meta what the core knows of it
 * @param hash of the state in it, recomputed from its bytes when it was written
 * @param sizeBytes of the file, which travels between nodes as it is
 */
public record SnapshotFile(SnapshotMeta meta, StateHash hash, long sizeBytes) {}
