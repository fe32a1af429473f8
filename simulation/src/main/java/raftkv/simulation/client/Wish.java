package raftkv.simulation.client;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import raftkv.kv.CommandCodec;
import raftkv.kv.Condition;
import raftkv.kv.KvAnswer;
import raftkv.kv.KvCommand;
import raftkv.kv.KvEntry;
import raftkv.kv.KvValue;
import raftkv.kv.RequestIdentity;
import raftkv.raft.Bytes;
import raftkv.simulation.history.Answer;
import raftkv.simulation.history.Call;

/** What a client wants to write to one key. */
record Wish(String key, Call call) {
  Bytes encode(@Nullable RequestIdentity identity) {
    Bytes keyBytes = bytes(key);
    if (call instanceof Call.Put put) {
      return CommandCodec.encode(new KvCommand.Put(identity, keyBytes, KvValue.text(put.value())));
    }
    if (call instanceof Call.CompareAndSet swap) {
      String expected = swap.expected();
      Condition condition =
          expected == null ? new Condition.Absent() : new Condition.ValueIs(KvValue.text(expected));
      return CommandCodec.encode(
          new KvCommand.CompareAndSet(identity, keyBytes, condition, KvValue.text(swap.value())));
    }
    long index = call instanceof Call.DeleteStored stored ? stored.index() : KvCommand.Delete.ANY;
    return CommandCodec.encode(new KvCommand.Delete(identity, keyBytes, index));
  }

  /** What that result says to whoever asked for this. */
  Answer read(KvAnswer.Result result) {
    if (result instanceof KvAnswer.CompareAndSetDone done) {
      return done.succeeded() ? new Answer.Stored() : new Answer.Refused(valueOf(done.entry()));
    }
    if (result instanceof KvAnswer.DeleteDone done) {
      boolean refused = call instanceof Call.DeleteStored && !done.succeeded();
      String value = valueOf(done.entry());
      return refused ? new Answer.Refused(value) : new Answer.Removed(value);
    }
    return new Answer.Stored();
  }

  static @Nullable String valueOf(@Nullable KvEntry entry) {
    return entry == null ? null : entry.value().text();
  }

  static Bytes bytes(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
