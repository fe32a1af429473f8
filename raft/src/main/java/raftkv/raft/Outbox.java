package raftkv.raft;

import java.util.ArrayList;
import java.util.List;

/** The messages of one Ready, all with the sender's durable term. */
final class Outbox {
  private final NodeId self;
  private final long term;
  private final List<Envelope> envelopes = new ArrayList<>();

  Outbox(NodeId self, long term) {
    this.self = self;
    this.term = term;
  }

  void add(NodeId to, RaftMessage message) {
    envelopes.add(new Envelope(self, to, term, message));
  }

  List<Envelope> envelopes() {
    return envelopes;
  }
}
