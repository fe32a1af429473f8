package raftkv.kv;

import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;
import raftkv.raft.Check;

/**
 * The bytes of an answer: what apply returns, what a forwarder gets back, and what a session keeps.
 *
 * <pre>
 *   size  field
 *      1  format, 1
 *      1  kind, see the codes
 *      1  flags: 1 deduplicated, 2 succeeded, 4 entry
 *  put:               8 index, 8 create index, 8 version
 *  delete, cas:       8 index, entry if flagged
 *  outcome:           1 outcome, 8 index, the stored answer to the end or nothing
 *  session kind:      1 kind
 *  limit:             1 limit, 8 size, 8 max
 *  other refusals:    8 or 8 + 8, the numbers of the record in its order
 *  an entry:          4 length and key, 1 kind of value, 4 length and value,
 *                     8 create index, 8 mod index, 8 version
 * </pre>
 */
public final class AnswerCodec {
  private static final int FORMAT = 1;
  private static final int HEAD_BYTES = 3;
  private static final int FLAGS_OFFSET = 2;

  private static final int PUT = 1;
  private static final int DELETE = 2;
  private static final int COMPARE_AND_SET = 3;
  private static final int OUTCOME = 4;
  private static final int SEQ_NUM_REUSED = 16;
  private static final int SEQ_NUM_TOO_OLD = 17;
  private static final int SEQ_NUM_AHEAD = 18;
  private static final int SESSION_EXPIRED = 19;
  private static final int ANSWER_FORGOTTEN = 20;
  private static final int CANCELLED_BY_CLIENT = 21;
  private static final int WRONG_SESSION_KIND = 22;
  private static final int LIMIT_EXCEEDED = 23;

  private static final int DEDUPLICATED = 1;
  private static final int SUCCEEDED = 2;
  private static final int HAS_ENTRY = 4;

  private static final RequestOutcome.Kind[] OUTCOMES = RequestOutcome.Kind.values();

  private AnswerCodec() {}

  /** The bytes of an answer, in an array of their own. */
  public static Bytes encode(KvAnswer answer) {
    return answer.match(new Encoder());
  }

  /**
   * Reads an answer.
   *
   * @throws MalformedInput if it is of a newer format or makes no sense
   */
  public static KvAnswer decode(Bytes body) {
    ByteReader reader = new ByteReader(body).format(FORMAT, "format of answers");
    int kind = reader.oneByte();
    int flags = reader.oneByte();
    KvAnswer answer =
        switch (kind) {
          case PUT -> put(reader, flags);
          case DELETE ->
              new KvAnswer.DeleteDone(
                  reader.eightBytes(), succeeded(flags), entry(reader, flags), dedup(flags));
          case COMPARE_AND_SET ->
              new KvAnswer.CompareAndSetDone(
                  reader.eightBytes(), succeeded(flags), entry(reader, flags), dedup(flags));
          case OUTCOME -> outcome(reader, body.length() - HEAD_BYTES - 1 - Long.BYTES);
          default -> refusal(kind, reader);
        };
    reader.end();
    return answer;
  }

  /** The same answer, as a duplicate gets it. */
  static Bytes deduplicated(byte[] stored) {
    byte[] copy = stored.clone();
    copy[FLAGS_OFFSET] |= DEDUPLICATED;
    return Bytes.wrap(copy);
  }

  /** Whether the bytes are an answer that a session may keep. */
  static boolean isResult(byte[] stored) {
    return stored.length > HEAD_BYTES
        && (stored[FLAGS_OFFSET] & DEDUPLICATED) == 0
        && decode(Bytes.wrap(stored)) instanceof KvAnswer.Result;
  }

  /** Reads an answer that a session kept. */
  static KvAnswer.Result decodeStored(byte[] stored) {
    KvAnswer answer = decode(deduplicated(stored));
    Check.that(answer instanceof KvAnswer.Result, "only results are stored");
    return (KvAnswer.Result) answer;
  }

  private static KvAnswer put(ByteReader reader, int flags) {
    return new KvAnswer.PutDone(
        reader.eightBytes(), reader.eightBytes(), reader.eightBytes(), dedup(flags));
  }

  private static KvAnswer outcome(ByteReader reader, int storedBytes) {
    int code = reader.oneByte();
    if (code >= OUTCOMES.length) {
      throw MalformedInput.because("unknown outcome " + code);
    }
    long index = reader.eightBytes();
    KvAnswer.Result stored = null;
    if (storedBytes > 0) {
      Bytes nested = reader.raw(storedBytes);
      int kind = nested.length() > 1 ? nested.at(1) : OUTCOME;
      MalformedInput.unless(kind < OUTCOME, "only results are stored");
      stored = (KvAnswer.Result) decode(nested);
    }
    return new KvAnswer.OutcomeKnown(new RequestOutcome(OUTCOMES[code], index, stored));
  }

  private static KvAnswer refusal(int kind, ByteReader reader) {
    return switch (kind) {
      case SEQ_NUM_REUSED -> new KvAnswer.SeqNumReused(reader.eightBytes());
      case SEQ_NUM_TOO_OLD -> new KvAnswer.SeqNumTooOld(reader.eightBytes(), reader.eightBytes());
      case SEQ_NUM_AHEAD -> new KvAnswer.SeqNumAhead(reader.eightBytes(), reader.eightBytes());
      case SESSION_EXPIRED -> new KvAnswer.SessionExpired(reader.eightBytes());
      case ANSWER_FORGOTTEN -> new KvAnswer.AnswerForgotten(reader.eightBytes());
      case CANCELLED_BY_CLIENT -> new KvAnswer.CancelledByClient(reader.eightBytes());
      case WRONG_SESSION_KIND ->
          new KvAnswer.WrongSessionKind(SessionKind.ofCode(reader.oneByte()));
      case LIMIT_EXCEEDED ->
          new KvAnswer.LimitExceeded(
              SizeLimit.ofCode(reader.oneByte()), reader.eightBytes(), reader.eightBytes());
      default -> throw MalformedInput.newer("kind of answer", kind, LIMIT_EXCEEDED);
    };
  }

  private static @Nullable KvEntry entry(ByteReader reader, int flags) {
    if ((flags & HAS_ENTRY) == 0) {
      return null;
    }
    Bytes key = reader.sized();
    KvValue value = new KvValue(ValueKind.ofCode(reader.oneByte()), reader.sized());
    return KvEntry.of(
        key,
        value,
        new KvEntry.Versions(reader.eightBytes(), reader.eightBytes(), reader.eightBytes()));
  }

  private static boolean succeeded(int flags) {
    return (flags & SUCCEEDED) != 0;
  }

  private static boolean dedup(int flags) {
    return (flags & DEDUPLICATED) != 0;
  }

  private static final class Encoder implements KvAnswer.Cases<Bytes> {
    @Override
    public Bytes put(KvAnswer.PutDone answer) {
      return head(PUT, answer.deduplicated() ? DEDUPLICATED : 0, 3 * Long.BYTES)
          .eightBytes(answer.index())
          .eightBytes(answer.createIndex())
          .eightBytes(answer.version())
          .bytes();
    }

    @Override
    public Bytes delete(KvAnswer.DeleteDone answer) {
      return conditional(DELETE, answer, answer.succeeded(), answer.entry());
    }

    @Override
    public Bytes compareAndSet(KvAnswer.CompareAndSetDone answer) {
      return conditional(COMPARE_AND_SET, answer, answer.succeeded(), answer.entry());
    }

    @Override
    public Bytes outcome(KvAnswer.OutcomeKnown answer) {
      RequestOutcome outcome = answer.outcome();
      Bytes stored = outcome.answer() == null ? Bytes.EMPTY : encode(outcome.answer());
      return head(OUTCOME, 0, 1 + Long.BYTES + stored.length())
          .oneByte(outcome.kind().ordinal())
          .eightBytes(outcome.index())
          .raw(stored)
          .bytes();
    }

    @Override
    public Bytes seqNumReused(KvAnswer.SeqNumReused answer) {
      return number(SEQ_NUM_REUSED, answer.index());
    }

    @Override
    public Bytes seqNumTooOld(KvAnswer.SeqNumTooOld answer) {
      return head(SEQ_NUM_TOO_OLD, 0, 2 * Long.BYTES)
          .eightBytes(answer.highest())
          .eightBytes(answer.floor())
          .bytes();
    }

    @Override
    public Bytes seqNumAhead(KvAnswer.SeqNumAhead answer) {
      return head(SEQ_NUM_AHEAD, 0, 2 * Long.BYTES)
          .eightBytes(answer.floor())
          .eightBytes(answer.window())
          .bytes();
    }

    @Override
    public Bytes sessionExpired(KvAnswer.SessionExpired answer) {
      return number(SESSION_EXPIRED, answer.currentIndex());
    }

    @Override
    public Bytes answerForgotten(KvAnswer.AnswerForgotten answer) {
      return number(ANSWER_FORGOTTEN, answer.index());
    }

    @Override
    public Bytes cancelledByClient(KvAnswer.CancelledByClient answer) {
      return number(CANCELLED_BY_CLIENT, answer.index());
    }

    @Override
    public Bytes wrongSessionKind(KvAnswer.WrongSessionKind answer) {
      return head(WRONG_SESSION_KIND, 0, 1).oneByte(answer.kind().code()).bytes();
    }

    @Override
    public Bytes limitExceeded(KvAnswer.LimitExceeded answer) {
      return head(LIMIT_EXCEEDED, 0, 1 + 2 * Long.BYTES)
          .oneByte(answer.limit().code())
          .eightBytes(answer.sizeBytes())
          .eightBytes(answer.maxBytes())
          .bytes();
    }

    private static ByteWriter head(int kind, int flags, int restBytes) {
      return new ByteWriter(HEAD_BYTES + restBytes).oneByte(FORMAT).oneByte(kind).oneByte(flags);
    }

    private static Bytes number(int kind, long number) {
      return head(kind, 0, Long.BYTES).eightBytes(number).bytes();
    }

    private static Bytes conditional(
        int kind, KvAnswer.Result answer, boolean succeeded, @Nullable KvEntry entry) {
      int flags = (answer.deduplicated() ? DEDUPLICATED : 0) | (succeeded ? SUCCEEDED : 0);
      if (entry == null) {
        return head(kind, flags, Long.BYTES).eightBytes(answer.index()).bytes();
      }
      int entryBytes = 2 * Integer.BYTES + 1 + entry.sizeBytes() + 3 * Long.BYTES;
      return head(kind, flags | HAS_ENTRY, Long.BYTES + entryBytes)
          .eightBytes(answer.index())
          .sized(entry.key())
          .oneByte(entry.value().kind().code())
          .sized(entry.value().bytes())
          .eightBytes(entry.createIndex())
          .eightBytes(entry.modIndex())
          .eightBytes(entry.version())
          .bytes();
    }
  }
}
