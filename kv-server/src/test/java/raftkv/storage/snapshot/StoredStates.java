package raftkv.storage.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import raftkv.kv.CommandCodec;
import raftkv.kv.KvCommand;
import raftkv.kv.KvLimits;
import raftkv.kv.KvStateMachine;
import raftkv.kv.KvValue;
import raftkv.kv.RequestIdentity;
import raftkv.port.EntryCodec;
import raftkv.raft.Bytes;
import raftkv.raft.ClusterId;
import raftkv.raft.EntryKind;
import raftkv.raft.Incarnation;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.Settings;

/** A real state machine that a test drives to some index. */
final class StoredStates {
  static final ClusterId CLUSTER = new ClusterId(7, 9);
  static final long TERM = 3;

  final KvStateMachine machine = new KvStateMachine();

  private StoredStates() {
    List<Settings.Member> members = new ArrayList<>();
    for (int id = 1; id <= 3; id++) {
      members.add(new Settings.Member(new NodeId(id), new Incarnation(id, id)));
    }
    apply(EntryKind.SETTINGS, new Settings(CLUSTER, members, KvLimits.DEFAULTS.encode()).encode());
  }

  /** The state after so many puts, the same each time. */
  static StoredStates at(long index) {
    return new StoredStates().upTo(index, 20);
  }

  /** Goes on to that index with values of that size. */
  StoredStates upTo(long index, int valueBytes) {
    while (machine.appliedIndex() < index) {
      long next = machine.appliedIndex() + 1;
      String value = (next + ".").repeat(1 + valueBytes / 2).substring(0, valueBytes);
      KvCommand put =
          new KvCommand.Put(
              RequestIdentity.of("client" + next % 3, next),
              Bytes.wrap(("key" + next % 7).getBytes(StandardCharsets.UTF_8)),
              KvValue.text(value));
      apply(EntryKind.COMMAND, CommandCodec.encode(put));
    }
    return this;
  }

  static FileSnapshotStore.Readers readers() {
    KvStateMachine any = new KvStateMachine();
    return new FileSnapshotStore.Readers(any::reader, any::checker);
  }

  private void apply(EntryKind kind, Bytes body) {
    LogPosition position = new LogPosition(machine.appliedIndex() + 1, TERM);
    machine.apply(new EntryCodec().encode(position, kind, body));
  }
}
