package raftkv.bench.micro;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.Settings;

/** Puts as the load generator makes them: keys of 16 bytes, values of 256, by one session. */
final class Puts {
  static final int VALUE_BYTES = 256;
  private static final EntryCodec CODEC = new EntryCodec();

  private Puts() {}

  static Bytes key(long number) {
    String key = String.format(Locale.ROOT, "key%013d", number);
    return Bytes.wrap(key.getBytes(StandardCharsets.UTF_8));
  }

  static KvCommand.Put put(long key, long seqNum) {
    byte[] value = new byte[VALUE_BYTES];
    Arrays.fill(value, (byte) ('a' + seqNum % 26));
    RequestIdentity identity =
        RequestIdentity.of("jmh-client", seqNum).withAckSeq(Math.max(0, seqNum - 1));
    return new KvCommand.Put(
        identity, key(key), KvValue.text(new String(value, StandardCharsets.UTF_8)));
  }

  /** A state machine that has applied index 1, the settings of a cluster of one. */
  static KvStateMachine machine() {
    KvStateMachine machine = new KvStateMachine();
    Settings settings =
        new Settings(
            new ClusterId(1, 1),
            List.of(new Settings.Member(new NodeId(1), new Incarnation(1, 1))),
            KvLimits.DEFAULTS.encode());
    machine.apply(CODEC.encode(new LogPosition(1, 1), EntryKind.SETTINGS, settings.encode()));
    return machine;
  }

  /** An entry of term 1 with that put. */
  static LogEntry entry(long index, KvCommand.Put put) {
    return CODEC.encode(new LogPosition(index, 1), EntryKind.COMMAND, CommandCodec.encode(put));
  }
}
