package raftkv.port;

import raftkv.raft.Envelope;

/** What travels on the stream between two nodes. */
public sealed interface PeerMessage {
  /** A message of the Raft core. */
  record Core(Envelope envelope) implements PeerMessage {}

  /** "My state hash after applying that index is this." Compared by the receiver. */
  record Digest(long index, StateHash hash) implements PeerMessage {}
}
