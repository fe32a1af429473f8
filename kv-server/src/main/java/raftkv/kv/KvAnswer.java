package raftkv.kv;

import org.jspecify.annotations.Nullable;

/**
 * What became of a command when it was applied: what callers get, and, if it is a {@link Result},
 * what its session keeps for duplicates. Encoded by {@link AnswerCodec}.
 */
public sealed interface KvAnswer {
  /** Whether an earlier copy of the same request was what took effect. */
  boolean deduplicated();

  /** Calls the method for this kind of answer. */
  <R> R match(Cases<R> cases);

  /** One method for each kind of answer. */
  interface Cases<R> {
    R put(PutDone answer);

    R delete(DeleteDone answer);

    R compareAndSet(CompareAndSetDone answer);

    R outcome(OutcomeKnown answer);

    R seqNumReused(SeqNumReused answer);

    R seqNumTooOld(SeqNumTooOld answer);

    R seqNumAhead(SeqNumAhead answer);

    R sessionExpired(SessionExpired answer);

    R answerForgotten(AnswerForgotten answer);

    R cancelledByClient(CancelledByClient answer);

    R wrongSessionKind(WrongSessionKind answer);

    R limitExceeded(LimitExceeded answer);
  }

  /** A definite result of an operation. */
  sealed interface Result extends KvAnswer {
    /** Log index of the copy that took effect. */
    long index();
  }

  /** The command had no effect on keys and values, and nothing was stored for duplicates. */
  sealed interface Refusal extends KvAnswer {
    @Override
    default boolean deduplicated() {
      return false;
    }
  }

  /**
   * A value was stored.
   *
   * @param index the entry's mod index
   */
  record PutDone(long index, long createIndex, long version, boolean deduplicated)
      implements Result {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.put(this);
    }
  }

  /**
   * A key was removed, or not.
   *
   * @param succeeded whether it was removed
   * @param entry what was removed, or did not meet the condition; null if the key did not exist
   */
  record DeleteDone(long index, boolean succeeded, @Nullable KvEntry entry, boolean deduplicated)
      implements Result {
    /** Whether the key existed. */
    public boolean found() {
      return entry != null;
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.delete(this);
    }
  }

  /**
   * A value was stored, or the condition did not hold.
   *
   * @param entry the entry afterwards: the new one, or the one that is there; null if none is
   */
  record CompareAndSetDone(
      long index, boolean succeeded, @Nullable KvEntry entry, boolean deduplicated)
      implements Result {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.compareAndSet(this);
    }
  }

  /** The answer to a cancel. */
  record OutcomeKnown(RequestOutcome outcome) implements KvAnswer {
    @Override
    public boolean deduplicated() {
      return false;
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.outcome(this);
    }
  }

  /**
   * The number was used with another operation, at that index. Certain: this one is not applied.
   */
  record SeqNumReused(long index) implements Refusal {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.seqNumReused(this);
    }
  }

  /**
   * The number is below what is remembered: nobody can say whether it was applied.
   *
   * @param highest the highest number seen
   * @param floor all numbers up to this are forgotten
   */
  record SeqNumTooOld(long highest, long floor) implements Refusal {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.seqNumTooOld(this);
    }
  }

  /**
   * The number is above the window of a windowed session. Certain: not applied.
   *
   * @param floor all numbers up to this are forgotten
   * @param window numbers up to floor + window are taken
   */
  record SeqNumAhead(long floor, long window) implements Refusal {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.seqNumAhead(this);
    }
  }

  /**
   * The session is not known and may have been evicted: nobody can say whether it was applied.
   *
   * @param currentIndex usable as session_start of a session with a fresh client_id
   */
  record SessionExpired(long currentIndex) implements Refusal {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.sessionExpired(this);
    }
  }

  /** An earlier copy was applied at that index; its answer was dropped for space. */
  record AnswerForgotten(long index) implements Refusal {
    @Override
    public boolean deduplicated() {
      return true;
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.answerForgotten(this);
    }
  }

  /** The number was sealed by a cancel at that index. Certain: not applied. */
  record CancelledByClient(long index) implements Refusal {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.cancelledByClient(this);
    }
  }

  /** The session is of the other kind, which its first write fixed. This copy is not applied. */
  record WrongSessionKind(SessionKind kind) implements Refusal {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.wrongSessionKind(this);
    }
  }

  /** Key or value is larger than the cluster's limit. Certain: not applied. */
  record LimitExceeded(SizeLimit limit, long sizeBytes, long maxBytes) implements Refusal {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.limitExceeded(this);
    }
  }
}
