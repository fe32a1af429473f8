package raftkv.kv;

import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;

/**
 * One number of a session that was answered or sealed. The mark stays as long as its session
 * remembers the number; the answer may be dropped for space. Owned by {@link Sessions}.
 */
final class Mark {
  private static final byte[] SEAL = {};
  private static final int FORGOTTEN = 0;
  private static final int STORED = 1;
  private static final int SEALED = 2;

  final Session session;
  final long seqNum;
  final long index;

  private final long fingerprintHigh;
  private final long fingerprintLow;

  /** {@link #SEAL}, or the encoded answer, or null once it is dropped or the mark is gone. */
  private byte @Nullable [] answer;

  private Mark(Session session, RequestIdentity request, long index, long[] print, byte[] answer) {
    this.session = session;
    this.seqNum = request.seqNum();
    this.index = index;
    this.fingerprintHigh = print[0];
    this.fingerprintLow = print[1];
    this.answer = answer;
  }

  /** An answered request; the answer has an array of its own. */
  static Mark answered(
      Session session, RequestIdentity request, long index, ItemHash print, Bytes answer) {
    long[] both = {print.high(), print.low()};
    return new Mark(session, request, index, both, KvEntry.exact(answer));
  }

  /** A number that was cancelled before it was used. */
  static Mark sealed(Session session, RequestIdentity request, long index) {
    return new Mark(session, request, index, new long[2], SEAL);
  }

  boolean isSealed() {
    return answer == SEAL;
  }

  boolean isOf(ItemHash operation) {
    return fingerprintHigh == operation.high() && fingerprintLow == operation.low();
  }

  /** The stored answer, or null if it was dropped. Not for seals. */
  byte @Nullable [] answer() {
    return answer;
  }

  int answerBytes() {
    return answer == null ? 0 : answer.length;
  }

  void forgetAnswer() {
    answer = null;
  }

  /** What is known of the request. */
  RequestOutcome outcome() {
    if (isSealed()) {
      return RequestOutcome.of(RequestOutcome.Kind.NOT_APPLIED);
    }
    KvAnswer.Result stored = answer == null ? null : AnswerCodec.decodeStored(answer);
    return new RequestOutcome(RequestOutcome.Kind.APPLIED, index, stored);
  }

  /** What a copy of the request gets: the first answer, or why there is none. */
  Bytes answerTo(ItemHash operation) {
    if (isSealed()) {
      return AnswerCodec.encode(new KvAnswer.CancelledByClient(index));
    }
    if (!isOf(operation)) {
      return AnswerCodec.encode(new KvAnswer.SeqNumReused(index));
    }
    return answer == null
        ? AnswerCodec.encode(new KvAnswer.AnswerForgotten(index))
        : AnswerCodec.deduplicated(answer);
  }

  /** The mark's share of the state hash. */
  ItemHash hash() {
    ItemHash hash =
        new ItemHash(ItemHash.ANSWER)
            .bytes(session.clientId)
            .number(seqNum)
            .number(index)
            .number(fingerprintHigh)
            .number(fingerprintLow);
    if (answer == null) {
      return hash.number(FORGOTTEN);
    }
    return isSealed() ? hash.number(SEALED) : hash.number(STORED).bytes(answer);
  }
}
