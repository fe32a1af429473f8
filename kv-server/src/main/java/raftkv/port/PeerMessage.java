package raftkv.port;

import raftkv.raft.Envelope;

/** What travels on the stream between two nodes. */
public sealed interface PeerMessage {
  /** A message of the Raft core. */
  record Core(Envelope envelope) implements PeerMessage {}

  /** "My state hash after applying that index is this." Compared by the receiver. */
  record Digest(long index, StateHash hash) implements PeerMessage {}

  /**
   * "What is your state hash after applying that index?" Answered with a {@link Digest}, if ever.
   */
  record DigestWanted(long index) implements PeerMessage {}

  /**
   * "My state cannot be trusted: send me a snapshot that covers at least so much" (safety rule
   * 7.1). Repeated until one comes.
   */
  record SnapshotWanted(long minIndex) implements PeerMessage {}
}
