package raftkv.kv;

import java.util.ArrayList;
import java.util.List;
import raftkv.raft.ClusterId;
import raftkv.raft.Incarnation;
import raftkv.raft.NodeId;
import raftkv.raft.Roster;

/** The first item of a captured state ({@link StateFormat}). */
record StateHead(
    long index, long evictedThrough, long entries, long sessions, KvLimits limits, Roster roster) {

  /** Reads the fields behind the kind. */
  static StateHead read(ByteReader reader) {
    reader.format(StateFormat.FORMAT, "format of states");
    long index = reader.eightBytes();
    long evictedThrough = reader.eightBytes();
    long entries = reader.eightBytes();
    long sessions = reader.eightBytes();
    KvLimits limits = KvLimits.decode(reader.sized());
    ClusterId cluster = new ClusterId(reader.eightBytes(), reader.eightBytes());
    Roster roster = new Roster(cluster, members(reader));
    MalformedInput.unless(index >= 1, "the state's index is not positive");
    boolean evictedBefore = evictedThrough >= 0 && evictedThrough < index;
    MalformedInput.unless(evictedBefore, "sessions were evicted that were not opened yet");
    MalformedInput.unless(entries >= 0 && sessions >= 0, "counts are negative");
    return new StateHead(index, evictedThrough, entries, sessions, limits, roster);
  }

  private static List<Roster.Named> members(ByteReader reader) {
    int count = reader.oneByte();
    List<Roster.Named> members = new ArrayList<>();
    int last = 0;
    for (int i = 0; i < count; i++) {
      int node = reader.oneByte();
      MalformedInput.unless(node > last, "members do not ascend");
      last = node;
      Incarnation incarnation = new Incarnation(reader.eightBytes(), reader.eightBytes());
      members.add(new Roster.Named(new NodeId(node), incarnation, reader.flag("by admission")));
    }
    return members;
  }
}
