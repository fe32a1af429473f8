package raftkv.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import raftkv.kv.CommandCodec;
import raftkv.kv.KvCommand;
import raftkv.kv.KvLimits;
import raftkv.kv.KvStateMachine;
import raftkv.kv.KvValue;
import raftkv.kv.RequestIdentity;
import raftkv.port.EntryCodec;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotStore.Saved;
import raftkv.port.StateCapture;
import raftkv.port.StateHash;
import raftkv.raft.Bytes;
import raftkv.raft.Check;
import raftkv.raft.ClusterId;
import raftkv.raft.EntryKind;
import raftkv.raft.Incarnation;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.Settings;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.snapshot.FileSnapshotStore;

/**
 * The whole text of a log, from its first entry on, and the state behind each of its entries: what
 * a node must be able to rebuild, whatever of it is in a snapshot.
 */
final class NodeText {
  private final List<LogEntry> text = new ArrayList<>();
  private final Map<LogPosition, StateHash> hashes = new HashMap<>();
  private KvStateMachine machine = new KvStateMachine();

  /** A snapshot as a peer offers it. */
  record Offer(SnapshotFile file, Bytes bytes) {}

  long lastIndex() {
    return text.size();
  }

  /** Goes on with the entry that forms a cluster. */
  List<LogEntry> settings(ClusterId cluster, long term) {
    List<Settings.Member> members = new ArrayList<>();
    for (int id = 1; id <= 3; id++) {
      members.add(new Settings.Member(new NodeId(id), new Incarnation(id, id)));
    }
    Settings settings = new Settings(cluster, members, KvLimits.DEFAULTS.encode());
    return List.of(add(term, EntryKind.SETTINGS, settings.encode()));
  }

  /** Goes on with writes of values of that size. */
  List<LogEntry> puts(int count, long term, int valueBytes) {
    List<LogEntry> added = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long index = lastIndex() + 1;
      String value = (index + "@" + term + " ").repeat(1 + valueBytes / 3).substring(0, valueBytes);
      KvCommand put =
          new KvCommand.Put(
              RequestIdentity.of("c" + index % 2, index),
              Bytes.wrap(("k" + index % 2).getBytes(StandardCharsets.UTF_8)),
              KvValue.text(value));
      added.add(add(term, EntryKind.COMMAND, CommandCodec.encode(put)));
    }
    return added;
  }

  private LogEntry add(long term, EntryKind kind, Bytes body) {
    LogEntry entry =
        new EntryCodec().encode(new LogPosition(machine.appliedIndex() + 1, term), kind, body);
    text.add(entry);
    machine.apply(entry);
    hashes.put(entry.position(), machine.hash());
    return entry;
  }

  /** Entries from that index on are others from now on. */
  void cut(long at) {
    text.subList((int) at - 1, text.size()).clear();
    machine = stateAt(at - 1);
  }

  LogPosition position(long index) {
    return text.get((int) index - 1).position();
  }

  /** The hash of the state behind that entry, of now or of before a cut. */
  StateHash hashAt(LogPosition position) {
    return Check.present(hashes.get(position), "there was an entry at that place");
  }

  StateCapture capture(long index) {
    return stateAt(index).captureState();
  }

  private KvStateMachine stateAt(long index) {
    KvStateMachine state = new KvStateMachine();
    text.subList(0, (int) index).forEach(state::apply);
    return state;
  }

  /** The snapshot of that index, as a peer would have it. */
  Offer offer(long index) {
    MemoryDisk disk = new MemoryDisk();
    KvStateMachine any = new KvStateMachine();
    FileSnapshotStore peers =
        new FileSnapshotStore(
            disk,
            Runnable::run,
            Runnable::run,
            new FileSnapshotStore.Readers(any::reader, any::checker),
            List.of(),
            ignored -> {});
    List<Saved> saved = new ArrayList<>();
    peers.save(capture(index), position(index).term(), saved::add);
    try {
      Bytes bytes = Bytes.wrap(disk.contents(disk.list().get(0)));
      return new Offer(((Saved.Durable) saved.get(0)).file(), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
