package raftkv.kv;

import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;

/** What operations do to the entries. Keeps the hash of the entries. Owned by the loop. */
final class Operations {
  private final KvStore store;
  private final HashSum hash;
  private KvLimits limits = KvLimits.DEFAULTS;

  Operations(KvStore store, HashSum hash) {
    this.store = store;
    this.hash = hash;
  }

  void limit(KvLimits agreed) {
    limits = agreed;
  }

  /** Why an operation is too large, or null. */
  KvAnswer.@Nullable LimitExceeded refusalOf(KvCommand.Operation operation) {
    int keyBytes = operation.key().length();
    if (keyBytes > limits.maxKeyBytes()) {
      return new KvAnswer.LimitExceeded(SizeLimit.KEY, keyBytes, limits.maxKeyBytes());
    }
    int valueBytes = operation.valueBytes();
    return valueBytes > limits.maxValueBytes()
        ? new KvAnswer.LimitExceeded(SizeLimit.VALUE, valueBytes, limits.maxValueBytes())
        : null;
  }

  /** What an answer with an entry would have: the one that is there, or the one that would be. */
  int answerBytes(KvCommand.Operation operation) {
    KvEntry current = store.get(KvEntry.exact(operation.key()));
    int stored = current == null ? 0 : current.sizeBytes();
    return Math.max(stored, operation.key().length() + operation.valueBytes());
  }

  /** Takes effect at that index, or is refused. */
  KvAnswer apply(KvCommand.Operation operation, long index) {
    KvAnswer refusal = refusalOf(operation);
    return refusal != null ? refusal : operation.match(new AtIndex(index));
  }

  private KvEntry store(Bytes key, @Nullable KvEntry current, KvValue value, long index) {
    KvEntry entry =
        current == null
            ? KvEntry.of(key, value, new KvEntry.Versions(index, index, 1))
            : current.changed(value, index);
    store.put(entry);
    hash.add(entry);
    if (current != null) {
      hash.subtract(current);
    }
    return entry;
  }

  private final class AtIndex implements KvCommand.Cases<KvAnswer> {
    private final long index;

    AtIndex(long index) {
      this.index = index;
    }

    @Override
    public KvAnswer put(KvCommand.Put put) {
      KvEntry entry = store(put.key(), current(put), put.value(), index);
      return new KvAnswer.PutDone(index, entry.createIndex(), entry.version(), false);
    }

    @Override
    public KvAnswer delete(KvCommand.Delete delete) {
      KvEntry current = current(delete);
      boolean succeeds = current != null && delete.allows(current);
      if (current != null && succeeds) {
        store.remove(current.keyArray());
        hash.subtract(current);
      }
      return new KvAnswer.DeleteDone(index, succeeds, current, false);
    }

    @Override
    public KvAnswer compareAndSet(KvCommand.CompareAndSet cas) {
      KvEntry current = current(cas);
      if (!cas.condition().holds(current)) {
        return new KvAnswer.CompareAndSetDone(index, false, current, false);
      }
      KvEntry entry = store(cas.key(), current, cas.value(), index);
      return new KvAnswer.CompareAndSetDone(index, true, entry, false);
    }

    @Override
    public KvAnswer cancel(KvCommand.Cancel cancel) {
      throw new IllegalStateException("a cancel is no operation on a key");
    }

    private @Nullable KvEntry current(KvCommand.Operation operation) {
      return store.get(KvEntry.exact(operation.key()));
    }
  }
}
