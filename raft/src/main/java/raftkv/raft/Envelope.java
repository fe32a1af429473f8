package raftkv.raft;

/**
 * A message on its way between two nodes.
 *
 * @param from the sender
 * @param to the receiver
 * @param term the sender's current term, durable at the sender when this was made (safety rule 1.1)
 * @param message what it says
 */
public record Envelope(NodeId from, NodeId to, long term, RaftMessage message) {
  @Override
  public String toString() {
    return from + "@" + term + " -> " + to + " " + message;
  }
}
