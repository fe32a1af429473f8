package raftkv.kv;

import static raftkv.kv.TestLog.bytes;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import raftkv.raft.Admission;
import raftkv.raft.Bytes;
import raftkv.raft.EntryKind;
import raftkv.raft.Incarnation;
import raftkv.raft.NodeId;

/** Commands of many clients that retry whatever they ever sent, with windows and cancels. */
final class RandomCommands {
  private final Random random;
  private final List<KvCommand> sent = new ArrayList<>();

  RandomCommands(Random random) {
    this.random = random;
  }

  /** A new command, or one from before. */
  KvCommand next(TestLog log) {
    if (!sent.isEmpty() && random.nextInt(3) == 0) {
      return sent.get(random.nextInt(sent.size()));
    }
    KvCommand command = command(log);
    sent.add(command);
    return command;
  }

  /** A member comes back with another incarnation. */
  void admit(TestLog log) {
    Incarnation incarnation = new Incarnation(random.nextLong(), 1);
    NodeId node = new NodeId(1 + random.nextInt(3));
    log.append(EntryKind.ADMIT, new Admission(node, incarnation).encode());
  }

  private KvCommand command(TestLog log) {
    RequestIdentity request = random.nextInt(6) == 0 ? null : identity(log);
    Bytes key = bytes("key" + random.nextInt(40));
    KvValue value = KvValue.text("value".repeat(random.nextInt(10)));
    return switch (random.nextInt(6)) {
      case 0 -> new KvCommand.Delete(request, key);
      case 1 -> new KvCommand.CompareAndSet(request, key, new Condition.Absent(), value);
      case 2 ->
          request == null
              ? new KvCommand.Delete(null, key, log.nextIndex() - 1)
              : new KvCommand.Cancel(request);
      default -> new KvCommand.Put(request, key, value);
    };
  }

  /** Even clients are simple, odd ones windowed; each has one session_start for ever. */
  private RequestIdentity identity(TestLog log) {
    int generation = (int) (log.nextIndex() / 300);
    int number = random.nextInt(10);
    RequestIdentity request =
        RequestIdentity.of(
                "client" + generation + "." + number, 1 + random.nextInt(8) + log.nextIndex() / 60)
            .withSessionStart(Math.max(1, generation * 300L - 1));
    return number % 2 == 0
        ? request
        : request.withAckSeq(Math.max(0, request.seqNum() - 1 - random.nextInt(6)));
  }
}
