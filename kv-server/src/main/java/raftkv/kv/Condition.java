package raftkv.kv;

import org.jspecify.annotations.Nullable;

/** What has to hold of the current entry for a compare-and-set to take effect. */
public sealed interface Condition {
  /** Whether it holds of the entry that is there, or of there being none. */
  boolean holds(@Nullable KvEntry current);

  /** Calls the method for this kind of condition. */
  <R> R match(Cases<R> cases);

  /** One method for each kind of condition. */
  interface Cases<R> {
    R valueIs(ValueIs condition);

    R modIndexIs(ModIndexIs condition);

    R absent(Absent condition);
  }

  /** The current value is this one, stored as the same kind. */
  record ValueIs(KvValue expected) implements Condition {
    @Override
    public boolean holds(@Nullable KvEntry current) {
      return current != null && current.value().equals(expected);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.valueIs(this);
    }
  }

  /** The current entry was last changed at this index. */
  record ModIndexIs(long expected) implements Condition {
    @Override
    public boolean holds(@Nullable KvEntry current) {
      return current != null && current.modIndex() == expected;
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.modIndexIs(this);
    }
  }

  /** The key does not exist. */
  record Absent() implements Condition {
    @Override
    public boolean holds(@Nullable KvEntry current) {
      return current == null;
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.absent(this);
    }
  }
}
