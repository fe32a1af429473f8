package raftkv.tools;

import java.nio.charset.StandardCharsets;
import raftkv.kv.CommandCodec;
import raftkv.kv.KvCommand;
import raftkv.kv.KvLimits;
import raftkv.kv.KvValue;
import raftkv.kv.RequestIdentity;
import raftkv.raft.Admission;
import raftkv.raft.Bytes;
import raftkv.raft.LogEntry;
import raftkv.raft.Settings;

/** What an entry of the log says, in a few words. Values are not shown, only their sizes. */
final class EntryWords implements KvCommand.Cases<String> {
  private EntryWords() {}

  static String of(LogEntry entry) {
    try {
      return switch (entry.kind()) {
        case NOOP -> "nothing: the begin of a term";
        case COMMAND -> CommandCodec.decode(entry.body()).match(new EntryWords());
        case SETTINGS -> settings(Settings.decode(entry.body()));
        case ADMIT -> admission(Admission.decode(entry.body()));
        case MEMBERS -> "a change of members, not known to this version";
      };
    } catch (IllegalArgumentException malformed) {
      return "not understood: " + malformed.getMessage();
    }
  }

  static String text(Bytes bytes) {
    return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
  }

  @Override
  public String put(KvCommand.Put put) {
    return "put " + text(put.key()) + value(put.value()) + identity(put);
  }

  @Override
  public String delete(KvCommand.Delete delete) {
    return "delete " + text(delete.key()) + identity(delete);
  }

  @Override
  public String compareAndSet(KvCommand.CompareAndSet cas) {
    return "compare-and-set " + text(cas.key()) + value(cas.value()) + identity(cas);
  }

  @Override
  public String cancel(KvCommand.Cancel cancel) {
    return "cancel" + identity(cancel);
  }

  private static String value(KvValue value) {
    return " (" + value.bytes().length() + " bytes)";
  }

  private static String identity(KvCommand command) {
    RequestIdentity identity = command.identity();
    return identity == null
        ? ""
        : " by " + text(identity.clientId()) + " number " + identity.seqNum();
  }

  private static String settings(Settings settings) {
    KvLimits limits = KvLimits.decode(settings.limits());
    StringBuilder words = new StringBuilder("cluster ").append(settings.clusterId());
    for (Settings.Member member : settings.members()) {
      words.append(", node ").append(member.node()).append(' ').append(member.incarnation());
    }
    return words.append(", max sessions ").append(limits.maxSessions()).toString();
  }

  private static String admission(Admission admission) {
    return "node " + admission.node() + " counts from here on as " + admission.incarnation();
  }
}
