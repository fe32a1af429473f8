package raftkv.simulation.net;

import raftkv.port.PeerMessage;
import raftkv.raft.LogEntry;
import raftkv.raft.RaftMessage;

/** How large a message would be on the wire, about: what queues count. */
final class Sizes {
  private static final int SMALL_BYTES = 96;

  private Sizes() {}

  static int of(PeerMessage message) {
    int bytes = SMALL_BYTES;
    if (message instanceof PeerMessage.Core core
        && core.envelope().message() instanceof RaftMessage.AppendEntries append) {
      for (LogEntry entry : append.entries()) {
        bytes += entry.sizeBytes();
      }
    }
    return bytes;
  }
}
