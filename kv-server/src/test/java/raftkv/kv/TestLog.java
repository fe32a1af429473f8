package raftkv.kv;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.port.EntryCodec;
import raftkv.raft.Bytes;
import raftkv.raft.ClusterId;
import raftkv.raft.EntryKind;
import raftkv.raft.Incarnation;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.Settings;

/**
 * A state machine under test with the log that drove it. Checks after every entry that the
 * incremental hash equals the recomputed one.
 */
final class TestLog {
  static final ClusterId CLUSTER = new ClusterId(7, 9);

  final List<LogEntry> entries = new ArrayList<>();
  final List<Bytes> answers = new ArrayList<>();
  final KvStateMachine machine = new KvStateMachine();

  private boolean checked = true;

  /** A machine whose first entry is SETTINGS with these limits. */
  static TestLog with(KvLimits limits) {
    TestLog log = new TestLog();
    log.append(EntryKind.SETTINGS, settings(limits).encode());
    return log;
  }

  static Settings settings(KvLimits limits) {
    List<Settings.Member> members = new ArrayList<>();
    for (int id = 1; id <= 3; id++) {
      members.add(new Settings.Member(new NodeId(id), new Incarnation(id, id)));
    }
    return new Settings(CLUSTER, members, limits.encode());
  }

  static Bytes bytes(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  static RequestIdentity simple(String client, long seqNum) {
    return RequestIdentity.of(client, seqNum);
  }

  static RequestIdentity windowed(String client, long seqNum, long ackSeq) {
    return RequestIdentity.of(client, seqNum).withAckSeq(ackSeq);
  }

  /** For long runs: the hash is compared by the test itself. */
  TestLog unchecked() {
    checked = false;
    return this;
  }

  long nextIndex() {
    return entries.size() + 1L;
  }

  Bytes append(EntryKind kind, Bytes body) {
    LogEntry entry = new EntryCodec().encode(new LogPosition(nextIndex(), 2), kind, body);
    entries.add(entry);
    Bytes answer = machine.apply(entry);
    answers.add(answer);
    if (checked && !machine.hash().equals(machine.recomputeHash())) {
      throw new AssertionError("incremental hash differs after " + entry);
    }
    return answer;
  }

  KvAnswer apply(KvCommand command) {
    return AnswerCodec.decode(append(EntryKind.COMMAND, CommandCodec.encode(command)));
  }

  /** Puts the text "value" of its number: the same request has the same payload. */
  KvAnswer put(RequestIdentity request, String key) {
    return put(request, key, "value of " + request.seqNum());
  }

  KvAnswer put(RequestIdentity request, String key, String value) {
    return apply(new KvCommand.Put(request, bytes(key), KvValue.text(value)));
  }

  /** The same as it is proposed, without being applied. */
  Bytes putCommand(@Nullable RequestIdentity request, String key) {
    String value = request == null ? "" : "value of " + request.seqNum();
    return CommandCodec.encode(new KvCommand.Put(request, bytes(key), KvValue.text(value)));
  }

  KvAnswer put(String key, String value) {
    return apply(new KvCommand.Put(null, bytes(key), KvValue.text(value)));
  }

  KvAnswer cancel(RequestIdentity request) {
    return apply(new KvCommand.Cancel(request));
  }

  /** How often a key was changed, or 0: what exactly-once is about. */
  long version(String key) {
    KvEntry entry = machine.get(bytes(key));
    return entry == null ? 0 : entry.version();
  }

  RequestOutcome outcome(String client, long seqNum) {
    return outcome(client, seqNum, 0);
  }

  RequestOutcome outcome(String client, long seqNum, long sessionStart) {
    return machine.requestOutcome(new OutcomeQuery(bytes(client), seqNum, sessionStart));
  }
}
