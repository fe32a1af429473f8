package raftkv.kv;

import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;

/** What a client wants done to the replicated state; the body of a COMMAND entry. */
public sealed interface KvCommand {
  /** Who asks; null for a request without de-duplication. */
  @Nullable RequestIdentity identity();

  /** Calls the method for this kind of command. */
  <R> R match(Cases<R> cases);

  /** One method for each kind of command. */
  interface Cases<R> {
    R put(Put command);

    R delete(Delete command);

    R compareAndSet(CompareAndSet command);

    R cancel(Cancel command);
  }

  /** A command on one key. */
  sealed interface Operation extends KvCommand {
    /** The key, at least one byte. */
    Bytes key();

    /** Bytes of the value that would be stored. */
    int valueBytes();
  }

  /** Stores a value. */
  record Put(@Nullable RequestIdentity identity, Bytes key, KvValue value) implements Operation {
    /** Checks the key. */
    public Put {
      MalformedInput.unless(key.length() >= 1, "key is empty");
    }

    @Override
    public int valueBytes() {
      return value.bytes().length();
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.put(this);
    }
  }

  /**
   * Removes a key.
   *
   * @param expectedModIndex remove only what was last changed at this index; {@link #ANY} for
   *     whatever is there
   */
  record Delete(@Nullable RequestIdentity identity, Bytes key, long expectedModIndex)
      implements Operation {
    /** No condition. */
    public static final long ANY = -1;

    /** Checks key and condition. */
    public Delete {
      MalformedInput.unless(key.length() >= 1, "key is empty");
      MalformedInput.unless(expectedModIndex >= ANY, "expected mod index is out of range");
    }

    /** Without a condition. */
    public Delete(@Nullable RequestIdentity identity, Bytes key) {
      this(identity, key, ANY);
    }

    /** Whether the condition allows to remove that entry. */
    boolean allows(KvEntry current) {
      return expectedModIndex == ANY || current.modIndex() == expectedModIndex;
    }

    @Override
    public int valueBytes() {
      return 0;
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.delete(this);
    }
  }

  /** Stores a value if the condition holds. */
  record CompareAndSet(
      @Nullable RequestIdentity identity, Bytes key, Condition condition, KvValue value)
      implements Operation {
    /** Checks the key. */
    public CompareAndSet {
      MalformedInput.unless(key.length() >= 1, "key is empty");
    }

    @Override
    public int valueBytes() {
      return value.bytes().length();
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.compareAndSet(this);
    }
  }

  /** Seals a number of a session, unless it was answered already (safety rule 4.6). */
  record Cancel(RequestIdentity identity) implements KvCommand {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.cancel(this);
    }
  }
}
