package raftkv.service;

import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;
import raftkv.kv.KvAnswer;
import raftkv.kv.SessionKind;
import raftkv.kv.SizeLimit;
import raftkv.node.HashAnswer;
import raftkv.node.NodeHeader;
import raftkv.node.ReadAnswer;
import raftkv.node.SnapshotOutcome;
import raftkv.node.TransferOutcome;
import raftkv.node.WriteOutcome;
import raftkv.port.Fence;

/**
 * The one table from what went wrong to what a caller sees: status code, reason, and what comes
 * with it. No other file of the services contains a status code.
 *
 * <p>An error of a write names its outcome: NOT_APPLIED (certain), APPLIED or UNKNOWN.
 */
final class Errors {
  private static final long OVERLOAD_RETRY_NANOS = 100_000_000L;

  private final Endpoints endpoints;
  private final long electionNanos;

  /**
   * The table for one node.
   *
   * @param electionNanos about how long an election takes: when to try again without a leader
   */
  Errors(Endpoints endpoints, long electionNanos) {
    this.endpoints = endpoints;
    this.electionNanos = electionNanos;
  }

  /** A request that cannot be meant so; for a write that says that nothing was done. */
  StatusRuntimeException invalid(InvalidRequest invalid) {
    return new ErrorStatus(Code.INVALID_ARGUMENT, invalid.reason(), invalid.sentence())
        .with("outcome", "NOT_APPLIED")
        .field(invalid.field())
        .build();
  }

  /** A write that was not decided by the log. */
  StatusRuntimeException write(
      WriteOutcome outcome, boolean identified, @Nullable NodeHeader header) {
    return writeStatus(outcome, identified)
        .with("outcome", outcome.fate().name())
        .from(header, endpoints)
        .build();
  }

  private ErrorStatus writeStatus(WriteOutcome outcome, boolean identified) {
    if (outcome instanceof WriteOutcome.Unknown unknown) {
      return unknown(unknown.cause(), identified);
    }
    if (outcome instanceof WriteOutcome.NotLeader) {
      return notLeader();
    }
    if (outcome instanceof WriteOutcome.NoLeader) {
      return noLeader();
    }
    if (outcome instanceof WriteOutcome.Dropped) {
      return new ErrorStatus(
          Code.UNAVAILABLE,
          "PROPOSAL_DROPPED",
          "another entry was committed in place of this write: it was not applied, send it again");
    }
    if (outcome instanceof WriteOutcome.Overloaded overloaded) {
      return overloaded(overloaded.what());
    }
    if (outcome instanceof WriteOutcome.DiskFull) {
      return new ErrorStatus(
          Code.RESOURCE_EXHAUSTED,
          "DISK_FULL",
          "the disks are full: this write was not applied; delete keys, or make room");
    }
    if (outcome instanceof WriteOutcome.NotReady notReady) {
      return notReady(notReady.what());
    }
    if (outcome instanceof WriteOutcome.Invalid invalid) {
      return new ErrorStatus(Code.INVALID_ARGUMENT, "INVALID_REQUEST", invalid.sentence());
    }
    if (outcome instanceof WriteOutcome.Diverged diverged) {
      return diverged(diverged.fence());
    }
    throw new IllegalArgumentException("no status for " + outcome);
  }

  /** With a name, sending the same again is safe; without, a retry policy must not do it. */
  private static ErrorStatus unknown(WriteOutcome.Cause cause, boolean identified) {
    String sentence =
        identified
            ? "nobody can say whether this write was applied: send the same client_id and seq_num"
                + " again, or ask GetRequestOutcome"
            : "nobody can say whether this write was applied: read before writing again";
    Code code = identified ? Code.UNAVAILABLE : Code.UNKNOWN;
    return new ErrorStatus(
            cause == WriteOutcome.Cause.DEADLINE ? Code.DEADLINE_EXCEEDED : code,
            "OUTCOME_UNKNOWN",
            sentence)
        .with("retrySafe", Boolean.toString(identified))
        .with("cause", cause.name());
  }

  /**
   * A write that the log decided to refuse.
   *
   * @param otherCopyUndecided another copy is left without a definite answer: then what is certain
   *     of this one is not certain of the write (safety rule 3.3)
   */
  StatusRuntimeException refusal(
      KvAnswer.Refusal refusal, boolean otherCopyUndecided, @Nullable NodeHeader header) {
    // A client whose only copy met an expired session writes anew under another id; that another
    // copy was under way is known here alone (safety rule 4.4).
    ErrorStatus status =
        otherCopyUndecided && refusal instanceof KvAnswer.SessionExpired
            ? unknown(WriteOutcome.Cause.LINK_LOST, true)
            : refusal.match(new Refusals(otherCopyUndecided ? "UNKNOWN" : "NOT_APPLIED"));
    return status.from(header, endpoints).build();
  }

  /** A read that may not be answered. */
  StatusRuntimeException read(ReadAnswer answer, @Nullable NodeHeader header) {
    return readStatus(answer).from(header, endpoints).build();
  }

  private ErrorStatus readStatus(ReadAnswer answer) {
    if (answer instanceof ReadAnswer.NoLeader) {
      return noLeader();
    }
    if (answer instanceof ReadAnswer.TooStale stale) {
      return new ErrorStatus(
              Code.UNAVAILABLE,
              "TOO_STALE",
              "this node's state may be older than max_staleness_ms allows")
          .with("lag_ms", stale.lagNanos() < 0 ? "unknown" : "" + stale.lagNanos() / 1_000_000)
          .retryAfter(electionNanos);
    }
    if (answer instanceof ReadAnswer.FutureIndex future) {
      return futureIndex(future.wanted(), future.appliedIndex());
    }
    if (answer instanceof ReadAnswer.NotReady notReady) {
      return notReady(notReady.what());
    }
    if (answer instanceof ReadAnswer.Overloaded overloaded) {
      return overloaded(overloaded.what());
    }
    if (answer instanceof ReadAnswer.Diverged diverged) {
      return diverged(diverged.fence());
    }
    throw new IllegalArgumentException("no status for " + answer);
  }

  /** A hash that cannot be told. */
  StatusRuntimeException hash(HashAnswer answer, @Nullable NodeHeader header) {
    return hashStatus(answer).from(header, endpoints).build();
  }

  private ErrorStatus hashStatus(HashAnswer answer) {
    if (answer instanceof HashAnswer.Compacted compacted) {
      return new ErrorStatus(
              Code.OUT_OF_RANGE, "COMPACTED", "the hash at that index is not kept any more")
          .with("oldest_index", compacted.oldestIndex())
          .with("current_index", compacted.appliedIndex());
    }
    if (answer instanceof HashAnswer.FutureIndex future) {
      return futureIndex(future.wanted(), future.appliedIndex());
    }
    if (answer instanceof HashAnswer.Diverged diverged) {
      return diverged(diverged.fence());
    }
    if (answer instanceof HashAnswer.NotReady notReady) {
      return notReady(notReady.what());
    }
    if (answer instanceof HashAnswer.Overloaded overloaded) {
      return overloaded(overloaded.what());
    }
    throw new IllegalArgumentException("no status for " + answer);
  }

  /** Leadership that was not handed over. */
  StatusRuntimeException transfer(TransferOutcome outcome, @Nullable NodeHeader header) {
    return transferStatus(outcome).from(header, endpoints).build();
  }

  private ErrorStatus transferStatus(TransferOutcome outcome) {
    if (outcome instanceof TransferOutcome.NotLeader) {
      return notLeader();
    }
    if (outcome instanceof TransferOutcome.NoTarget) {
      return new ErrorStatus(
          Code.FAILED_PRECONDITION,
          "NO_TARGET",
          "no such member counts, is in contact with the leader and may lead");
    }
    if (outcome instanceof TransferOutcome.Failed) {
      return new ErrorStatus(
              Code.UNAVAILABLE, "TRANSFER_FAILED", "the target did not take over in time")
          .retryAfter(electionNanos);
    }
    if (outcome instanceof TransferOutcome.NotReady notReady) {
      return notReady(notReady.what());
    }
    if (outcome instanceof TransferOutcome.Overloaded overloaded) {
      return overloaded(overloaded.what());
    }
    throw new IllegalArgumentException("no status for " + outcome);
  }

  /** A snapshot that was not taken. */
  StatusRuntimeException snapshot(SnapshotOutcome outcome, @Nullable NodeHeader header) {
    return snapshotStatus(outcome).from(header, endpoints).build();
  }

  private ErrorStatus snapshotStatus(SnapshotOutcome outcome) {
    if (outcome instanceof SnapshotOutcome.NotReady notReady) {
      return notReady(notReady.why());
    }
    if (outcome instanceof SnapshotOutcome.NoRoom) {
      return new ErrorStatus(
          Code.RESOURCE_EXHAUSTED, "DISK_FULL", "there is no room for a snapshot");
    }
    if (outcome instanceof SnapshotOutcome.Diverged diverged) {
      return diverged(diverged.fence());
    }
    if (outcome instanceof SnapshotOutcome.Overloaded overloaded) {
      return overloaded(overloaded.what());
    }
    throw new IllegalArgumentException("no status for " + outcome);
  }

  private static ErrorStatus notLeader() {
    return new ErrorStatus(
            Code.UNAVAILABLE, "NOT_LEADER", "this node does not lead: ask the leader named here")
        .retryAfter(0);
  }

  private ErrorStatus noLeader() {
    return new ErrorStatus(
            Code.UNAVAILABLE, "NO_LEADER", "no leader was found in time: is a majority up?")
        .retryAfter(electionNanos);
  }

  private ErrorStatus notReady(String what) {
    return new ErrorStatus(Code.UNAVAILABLE, "NOT_READY", "this node cannot serve: " + what)
        .with("waits_for", what)
        .retryAfter(electionNanos);
  }

  private static ErrorStatus overloaded(String what) {
    return new ErrorStatus(Code.UNAVAILABLE, "OVERLOADED", "too much at once: " + what)
        .with("limit", what)
        .pushback(OVERLOAD_RETRY_NANOS);
  }

  private static ErrorStatus futureIndex(long wanted, long applied) {
    return new ErrorStatus(
            Code.OUT_OF_RANGE, "FUTURE_INDEX", "index " + wanted + " was not reached in time")
        .with("current_index", applied);
  }

  private static ErrorStatus diverged(Fence fence) {
    return new ErrorStatus(
            Code.DATA_LOSS,
            "STATE_DIVERGED",
            "the state of this replica differs from the others: it gives no results")
        .with("index", fence.index())
        .with("own_hash", fence.own().toString())
        .with("majority_hash", fence.majority().toString());
  }

  /** The rows of sessions. Results never come here: they are answers, not errors. */
  private static final class Refusals implements KvAnswer.Cases<ErrorStatus> {
    private final String notApplied;

    Refusals(String notApplied) {
      this.notApplied = notApplied;
    }

    @Override
    public ErrorStatus seqNumReused(KvAnswer.SeqNumReused answer) {
      return new ErrorStatus(
              Code.INVALID_ARGUMENT,
              "SEQ_NUM_REUSED",
              "this seq_num was used with another payload: take a new one")
          .with("outcome", notApplied)
          .with("index", answer.index())
          .field("seq_num");
    }

    @Override
    public ErrorStatus seqNumTooOld(KvAnswer.SeqNumTooOld answer) {
      return new ErrorStatus(
              Code.FAILED_PRECONDITION,
              "SEQ_NUM_TOO_OLD",
              "this seq_num is below what is remembered: nobody can say whether it was applied")
          .with("outcome", "UNKNOWN")
          .with("highest", answer.highest())
          .with("floor", answer.floor());
    }

    @Override
    public ErrorStatus seqNumAhead(KvAnswer.SeqNumAhead answer) {
      return new ErrorStatus(
              Code.FAILED_PRECONDITION,
              "SEQ_NUM_AHEAD",
              "this seq_num is beyond the session's window: wait for earlier answers")
          .with("outcome", notApplied)
          .with("floor", answer.floor())
          .with("window", answer.window());
    }

    @Override
    public ErrorStatus sessionExpired(KvAnswer.SessionExpired answer) {
      return new ErrorStatus(
              Code.FAILED_PRECONDITION,
              "SESSION_EXPIRED",
              "this client_id is not known and may have been forgotten: take a fresh one, with"
                  + " session_start "
                  + answer.currentIndex())
          .with("outcome", "UNKNOWN")
          .with("current_index", answer.currentIndex());
    }

    @Override
    public ErrorStatus answerForgotten(KvAnswer.AnswerForgotten answer) {
      return new ErrorStatus(
              Code.FAILED_PRECONDITION,
              "ANSWER_FORGOTTEN",
              "this write was applied before; its answer is not kept any more")
          .with("outcome", "APPLIED")
          .with("index", answer.index());
    }

    /** Speaks of all copies, since the number is sealed (safety rule 3.3). */
    @Override
    public ErrorStatus cancelledByClient(KvAnswer.CancelledByClient answer) {
      return new ErrorStatus(
              Code.FAILED_PRECONDITION,
              "CANCELLED_BY_CLIENT",
              "this seq_num was cancelled: it never takes effect")
          .with("outcome", "NOT_APPLIED")
          .with("index", answer.index());
    }

    @Override
    public ErrorStatus wrongSessionKind(KvAnswer.WrongSessionKind answer) {
      boolean windowed = answer.kind() == SessionKind.WINDOWED;
      return new ErrorStatus(
              Code.INVALID_ARGUMENT,
              "WRONG_SESSION_KIND",
              windowed
                  ? "this session began with ack_seq: every write of it needs one"
                  : "this session began without ack_seq: no write of it may have one")
          .with("outcome", notApplied)
          .field("ack_seq");
    }

    @Override
    public ErrorStatus limitExceeded(KvAnswer.LimitExceeded answer) {
      boolean key = answer.limit() == SizeLimit.KEY;
      String field = key ? "key" : "value";
      return new ErrorStatus(
              Code.INVALID_ARGUMENT,
              key ? "KEY_TOO_LARGE" : "VALUE_TOO_LARGE",
              WriteParser.tooLarge(field, answer.sizeBytes(), answer.maxBytes()))
          .with("outcome", notApplied)
          .field(field);
    }

    @Override
    public ErrorStatus put(KvAnswer.PutDone answer) {
      throw noError(answer);
    }

    @Override
    public ErrorStatus delete(KvAnswer.DeleteDone answer) {
      throw noError(answer);
    }

    @Override
    public ErrorStatus compareAndSet(KvAnswer.CompareAndSetDone answer) {
      throw noError(answer);
    }

    @Override
    public ErrorStatus outcome(KvAnswer.OutcomeKnown answer) {
      throw noError(answer);
    }

    private static IllegalArgumentException noError(KvAnswer answer) {
      return new IllegalArgumentException("no error: " + answer);
    }
  }
}
