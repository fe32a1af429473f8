package raftkv.simulation.client;

import raftkv.kv.CommandCodec;
import raftkv.kv.KvCommand;
import raftkv.kv.KvValue;
import raftkv.node.WriteRequest;
import raftkv.raft.Bytes;
import raftkv.simulation.time.Timeline;

/** Asks one node for the same write again and again until it is applied. */
public final class Probe {
  private static final long TIMEOUT_NANOS = 2 * Timeline.SECOND;
  private static final long PAUSE_NANOS = 50 * Timeline.MILLI;

  private final Doors doors;
  private final Timeline timeline;
  private final int node;
  private final Bytes command;
  private boolean served;

  /** A probe of one node. */
  public Probe(Doors doors, Timeline timeline, int node) {
    this.doors = doors;
    this.timeline = timeline;
    this.node = node;
    this.command =
        CommandCodec.encode(
            new KvCommand.Put(null, Wish.bytes("probe-" + node), KvValue.text("served")));
  }

  /** Begins to ask. */
  public void begin() {
    doors.write(
        node - 1,
        command,
        new WriteRequest(command, false, WriteRequest.Routing.ANY, 0),
        TIMEOUT_NANOS,
        this::onReply);
  }

  /** Whether the write was applied. */
  public boolean isServed() {
    return served;
  }

  private void onReply(Reply reply) {
    if (reply instanceof Reply.Answered) {
      served = true;
    } else {
      timeline.after(PAUSE_NANOS, this::begin);
    }
  }
}
