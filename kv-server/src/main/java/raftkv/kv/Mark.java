package raftkv.kv;

import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;

/**
 * One number of a session that was answered or sealed. The mark stays as long as its session
 * remembers the number; if its answer is dropped for space, a mark without one takes its place. So
 * it never changes, and captures share it; only the links of the budget do, which the loop owns.
 */
final class Mark {
  private static final byte[] SEAL = {};

  /** What each takes of the heap: 64 for the object, 8 for its place in the session. */
  static final long HEAP_BYTES = 72;

  private static final long ARRAY_HEADER_BYTES = 24;

  private static final int FORGOTTEN = 0;
  private static final int STORED = 1;
  private static final int SEALED = 2;

  /** Whose number it is. */
  final SessionSeat seat;

  final long seqNum;
  final long index;

  /** Links of the {@link AnswerBudget}. */
  @Nullable Mark older;

  @Nullable Mark newer;

  private final long fingerprintHigh;
  private final long fingerprintLow;

  /** {@link #SEAL}, or the encoded answer, or null if it was dropped. */
  private final byte @Nullable [] answer;

  /**
   * What a mark says besides its answer.
   *
   * @param index of the entry that answered or sealed the number
   * @param fingerprintHigh of the operation, or 0
   */
  record Facts(long seqNum, long index, long fingerprintHigh, long fingerprintLow) {}

  private Mark(SessionSeat seat, Facts facts, byte @Nullable [] answer) {
    this.seat = seat;
    this.seqNum = facts.seqNum;
    this.index = facts.index;
    this.fingerprintHigh = facts.fingerprintHigh;
    this.fingerprintLow = facts.fingerprintLow;
    this.answer = answer;
  }

  /** An answered request; the answer has an array of its own. */
  static Mark answered(
      SessionSeat seat, RequestIdentity request, long index, ItemHash print, Bytes answer) {
    Facts facts = new Facts(request.seqNum(), index, print.high(), print.low());
    return new Mark(seat, facts, KvEntry.exact(answer));
  }

  /** A number that was cancelled before it was used. */
  static Mark sealed(SessionSeat seat, RequestIdentity request, long index) {
    return new Mark(seat, new Facts(request.seqNum(), index, 0, 0), SEAL);
  }

  /**
   * Reads a mark of a captured state ({@link StateFormat}).
   *
   * @throws MalformedInput if it makes no sense
   */
  static Mark read(SessionSeat seat, ByteReader reader) {
    Facts facts =
        new Facts(
            reader.eightBytes(), reader.eightBytes(), reader.eightBytes(), reader.eightBytes());
    int what = reader.oneByte();
    if (what > SEALED) {
      throw MalformedInput.because("unknown kind of mark " + what);
    }
    if (what != STORED) {
      return new Mark(seat, facts, what == SEALED ? SEAL : null);
    }
    byte[] answer = reader.sized().toByteArray();
    MalformedInput.unless(AnswerCodec.isResult(answer), "a stored answer is no result");
    return new Mark(seat, facts, answer);
  }

  /** What a captured state has besides the answer. */
  Facts facts() {
    return new Facts(seqNum, index, fingerprintHigh, fingerprintLow);
  }

  /** Whether the answer is stored, dropped, or none: its number in files. */
  int what() {
    if (answer == null) {
      return FORGOTTEN;
    }
    return isSealed() ? SEALED : STORED;
  }

  /** The same without its answer. */
  Mark withoutAnswer() {
    return new Mark(seat, new Facts(seqNum, index, fingerprintHigh, fingerprintLow), null);
  }

  boolean isSealed() {
    return answer == SEAL;
  }

  boolean isOf(ItemHash operation) {
    return fingerprintHigh == operation.high() && fingerprintLow == operation.low();
  }

  /** The stored answer; null if it was dropped, empty for a seal. To be read only. */
  byte @Nullable [] answer() {
    return answer;
  }

  /** Whether a duplicate would get the first answer. */
  boolean hasStoredAnswer() {
    return answer != null && answer != SEAL;
  }

  int answerBytes() {
    return answer == null ? 0 : answer.length;
  }

  /** What the stored answer takes of the heap, besides the mark. */
  long answerHeapBytes() {
    return ARRAY_HEADER_BYTES + Bytes.heapBytes(answerBytes());
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
            .bytes(seat.clientId)
            .number(seqNum)
            .number(index)
            .number(fingerprintHigh)
            .number(fingerprintLow);
    hash.number(what());
    return answer != null && hasStoredAnswer() ? hash.bytes(answer) : hash;
  }
}
