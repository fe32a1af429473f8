package raftkv.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static raftkv.kv.TestLog.bytes;
import static raftkv.kv.TestLog.simple;
import static raftkv.kv.TestLog.windowed;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import raftkv.raft.Bytes;

/** Encodings of commands, answers and limits: round trips, and refusal of everything else. */
final class CodecTest {
  private static final KvValue TEXT = KvValue.text("grüße");
  private static final KvValue BYTES = KvValue.bytes(new byte[] {0, -1, 7});
  private static final KvEntry ENTRY =
      KvEntry.of(bytes("key"), BYTES, new KvEntry.Versions(3, 1L << 40, 99));

  private static final List<KvCommand> COMMANDS =
      List.of(
          new KvCommand.Put(null, bytes("k"), TEXT),
          new KvCommand.Put(simple("c", 1), bytes("k"), BYTES),
          new KvCommand.Put(windowed("c", Long.MAX_VALUE, 0), bytes("k"), KvValue.text("")),
          new KvCommand.Put(windowed("é", 9, 8).withSessionStart(77), bytes("ключ"), TEXT),
          new KvCommand.Delete(null, bytes("k")),
          new KvCommand.Delete(simple("c", 2), bytes("k"), 0),
          new KvCommand.Delete(simple("c", 2), bytes("k"), Long.MAX_VALUE),
          new KvCommand.CompareAndSet(null, bytes("k"), new Condition.Absent(), TEXT),
          new KvCommand.CompareAndSet(
              simple("c", 3), bytes("k"), new Condition.ModIndexIs(5), BYTES),
          new KvCommand.CompareAndSet(
              simple("c", 4), bytes("k"), new Condition.ValueIs(BYTES), TEXT),
          new KvCommand.Cancel(simple("c".repeat(64), 5)),
          new KvCommand.Cancel(windowed("c", 5, 4).withSessionStart(3)));

  private static final List<KvAnswer> ANSWERS =
      List.of(
          new KvAnswer.PutDone(5, 3, 2, false),
          new KvAnswer.PutDone(5, 3, 2, true),
          new KvAnswer.DeleteDone(5, true, ENTRY, false),
          new KvAnswer.DeleteDone(5, false, null, true),
          new KvAnswer.CompareAndSetDone(5, true, ENTRY, true),
          new KvAnswer.CompareAndSetDone(5, false, ENTRY, false),
          new KvAnswer.CompareAndSetDone(5, false, null, false),
          new KvAnswer.OutcomeKnown(RequestOutcome.of(RequestOutcome.Kind.NOT_YET_APPLIED)),
          new KvAnswer.OutcomeKnown(RequestOutcome.of(RequestOutcome.Kind.NOT_APPLIED)),
          new KvAnswer.OutcomeKnown(RequestOutcome.of(RequestOutcome.Kind.EXPIRED)),
          new KvAnswer.OutcomeKnown(
              new RequestOutcome(
                  RequestOutcome.Kind.APPLIED, 5, new KvAnswer.PutDone(5, 3, 2, true))),
          new KvAnswer.OutcomeKnown(new RequestOutcome(RequestOutcome.Kind.APPLIED, 5, null)),
          new KvAnswer.SeqNumReused(4),
          new KvAnswer.SeqNumTooOld(9, 8),
          new KvAnswer.SeqNumAhead(9, 128),
          new KvAnswer.SessionExpired(1L << 50),
          new KvAnswer.AnswerForgotten(4),
          new KvAnswer.CancelledByClient(4),
          new KvAnswer.WrongSessionKind(SessionKind.WINDOWED),
          new KvAnswer.LimitExceeded(SizeLimit.VALUE, 1_048_577, 1_048_576));

  @Test
  void commandsComeBackAsTheyWere() {
    for (KvCommand command : COMMANDS) {
      assertThat(CommandCodec.decode(CommandCodec.encode(command))).isEqualTo(command);
    }
  }

  @Test
  void answersComeBackAsTheyWere() {
    for (KvAnswer answer : ANSWERS) {
      assertThat(AnswerCodec.decode(AnswerCodec.encode(answer))).isEqualTo(answer);
    }
  }

  /** A kind that is added without a sample here would not be covered by the other tests. */
  @Test
  void everyKindOfCommandAndAnswerHasASample() {
    assertThat(COMMANDS.stream().map(Object::getClass).distinct().count())
        .isEqualTo(KvCommand.Cases.class.getDeclaredMethods().length);
    assertThat(ANSWERS.stream().map(Object::getClass).distinct().count())
        .isEqualTo(KvAnswer.Cases.class.getDeclaredMethods().length);
  }

  @Test
  void anythingCutShortIsRefused() {
    COMMANDS.forEach(command -> refusesCuts(CommandCodec.encode(command), CommandCodec::decode));
    ANSWERS.forEach(answer -> refusesCuts(AnswerCodec.encode(answer), AnswerCodec::decode));
    refusesCuts(KvLimits.DEFAULTS.encode(), KvLimits::decode);
  }

  @Test
  void anythingTooLongIsRefused() {
    for (KvCommand command : COMMANDS) {
      byte[] body = CommandCodec.encode(command).toByteArray();
      Bytes longer = Bytes.wrap(Arrays.copyOf(body, body.length + 1));
      assertThatThrownBy(() -> CommandCodec.decode(longer)).isInstanceOf(MalformedInput.class);
    }
  }

  /** Hazard 74. Bytes share the array that is there, so a decoder has nothing large to allocate. */
  @Test
  void damagedBytesAreRefusedOrMakeAnotherValidCommandButNeverAnythingElse() {
    Random random = new Random(11);
    for (int round = 0; round < 30_000; round++) {
      KvCommand command = COMMANDS.get(random.nextInt(COMMANDS.size()));
      byte[] body = CommandCodec.encode(command).toByteArray();
      for (int flips = random.nextInt(3); flips >= 0; flips--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt();
      }
      decodesOrRefuses(Bytes.wrap(body));
    }
  }

  @Test
  void randomBytesAreDecodedOrRefused() {
    Random random = new Random(12);
    for (int round = 0; round < 30_000; round++) {
      byte[] body = new byte[random.nextInt(40)];
      random.nextBytes(body);
      decodesOrRefuses(Bytes.wrap(body));
    }
  }

  @Test
  void hugeLengthsAreRefusedBeforeAnythingIsAllocated() {
    byte[] body = CommandCodec.encode(COMMANDS.get(0)).toByteArray();
    for (int length : new int[] {Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 1 << 30}) {
      byte[] damaged = body.clone();
      for (int i = 0; i < 4; i++) {
        damaged[3 + i] = (byte) (length >>> (24 - 8 * i));
      }
      assertThatThrownBy(() -> CommandCodec.decode(Bytes.wrap(damaged)))
          .isInstanceOf(MalformedInput.class);
    }
  }

  @Test
  void aNestedAnswerCannotNestFurther() {
    Bytes inner = AnswerCodec.encode(ANSWERS.get(10));
    byte[] outer = AnswerCodec.encode(ANSWERS.get(11)).toByteArray();
    byte[] both = Arrays.copyOf(outer, outer.length + inner.length());
    System.arraycopy(inner.array(), inner.offset(), both, outer.length, inner.length());

    assertThatThrownBy(() -> AnswerCodec.decode(Bytes.wrap(both)))
        .isInstanceOf(MalformedInput.class);
  }

  @Test
  void emptyKeysAndImpossibleIdentitiesAreRefused() {
    assertThatThrownBy(() -> new KvCommand.Put(null, Bytes.EMPTY, TEXT))
        .isInstanceOf(MalformedInput.class);
    assertThatThrownBy(() -> simple("", 1)).isInstanceOf(MalformedInput.class);
    assertThatThrownBy(() -> simple("c".repeat(65), 1)).isInstanceOf(MalformedInput.class);
    assertThatThrownBy(() -> simple("c", 0)).isInstanceOf(MalformedInput.class);
    assertThatThrownBy(() -> simple("c", -1)).isInstanceOf(MalformedInput.class);
    assertThatThrownBy(() -> simple("c", 1).withSessionStart(-1))
        .isInstanceOf(MalformedInput.class);
  }

  @Test
  void limitsComeBackAndContradictionsAreOneSentence() {
    KvLimits limits = KvLimits.DEFAULTS.withMaxSessions(500);

    assertThat(KvLimits.decode(limits.encode())).isEqualTo(limits);
    assertThat(limits.contradictionWith(limits)).isNull();
    assertThat(limits.contradictionWith(KvLimits.DEFAULTS))
        .isEqualTo(
            "this cluster has max sessions 500, the options of this node say 10000: the limits of"
                + " a cluster are fixed when it forms, start without that option");
    assertThatThrownBy(() -> KvLimits.DEFAULTS.withMaxSessions(3))
        .hasMessage("max sessions is 3, allowed are 4 to 1048576");
  }

  private static void refusesCuts(Bytes body, Function<Bytes, Object> decoder) {
    for (int length = 0; length < body.length(); length++) {
      Bytes cut = Bytes.wrap(body.toByteArray(), 0, length);
      if (!isShorterAnswer(body, length)) {
        assertThatThrownBy(() -> decoder.apply(cut)).isInstanceOf(MalformedInput.class);
      }
    }
  }

  /** An outcome without its stored answer is an outcome, too. */
  private static boolean isShorterAnswer(Bytes body, int length) {
    return body.at(1) == 4 && length == 12 && body.length() > 12;
  }

  private static void decodesOrRefuses(Bytes body) {
    try {
      KvCommand command = CommandCodec.decode(body);
      assertThat(CommandCodec.encode(command)).isEqualTo(body);
    } catch (MalformedInput refused) {
      assertThat(refused).hasMessageNotContaining("null");
    }
  }
}
