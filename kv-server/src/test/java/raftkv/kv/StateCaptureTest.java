package raftkv.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import raftkv.port.StateCapture;
import raftkv.port.StateImage;
import raftkv.port.StateReader;
import raftkv.raft.Bytes;
import raftkv.raft.EntryKind;
import raftkv.raft.LogEntry;

/**
 * A captured state is what it was, says the same bytes whoever writes it, and a machine that goes
 * on from it cannot be told from one that never stopped. The seed is the parameter.
 */
final class StateCaptureTest {
  /** Values of the random commands have up to 45 bytes: some are refused at apply. */
  private static final KvLimits TIGHT = new KvLimits(1_024, 42, 128, 1_000, 1 << 20, 12, 6, 600);

  private final KvStateMachine restored = new KvStateMachine();

  /** Sessions are evicted, answers dropped, numbers sealed, limits changed, before and after. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aRestoredMachineGoesOnLikeTheOneThatNeverStopped(long seed) {
    Random random = new Random(seed);
    RandomCommands commands = new RandomCommands(random);
    TestLog log = TestLog.with(TIGHT).unchecked();
    run(log, commands, random, 1_000 + random.nextInt(500));

    StateCapture capture = log.machine.captureState();
    int captured = log.entries.size();
    run(log, commands, random, 1_000);
    restored.restore(read(capture, log.machine.reader(), random));

    assertThat(restored.hash()).isEqualTo(capture.hash()).isEqualTo(restored.recomputeHash());
    assertThat(restored.appliedIndex()).isEqualTo(capture.index()).isEqualTo(captured);
    for (int i = captured; i < log.entries.size(); i++) {
      LogEntry entry = log.entries.get(i);
      assertThat(restored.apply(entry)).as("%s", entry).isEqualTo(log.answers.get(i));
    }
    assertThat(restored.hash()).isEqualTo(log.machine.hash()).isEqualTo(restored.recomputeHash());
    assertThat(restored.storedAnswerBytes()).isEqualTo(log.machine.storedAnswerBytes());
    assertThat(restored.heapBytes()).isEqualTo(log.machine.heapBytes());
    assertThat(restored.limits()).isEqualTo(log.machine.limits());
    assertThat(restored.roster()).isEqualTo(log.machine.roster());
    assertThat(bytes(restored.captureState())).isEqualTo(bytes(log.machine.captureState()));
  }

  /** The pieces are made after a thousand further entries, and say what they said at once. */
  @ParameterizedTest
  @ValueSource(longs = {7, 8, 9})
  void aCaptureDoesNotChangeWhileTheMachineGoesOn(long seed) {
    Random random = new Random(seed);
    RandomCommands commands = new RandomCommands(random);
    TestLog log = TestLog.with(TIGHT).unchecked();
    run(log, commands, random, 800);

    StateCapture capture = log.machine.captureState();
    byte[] atOnce = bytes(capture);
    run(log, commands, random, 500);
    StateCapture second = log.machine.captureState();
    byte[] secondAtOnce = bytes(second);
    run(log, commands, random, 500);

    assertThat(bytes(capture)).isEqualTo(atOnce);
    assertThat(bytes(second)).isEqualTo(secondAtOnce).isNotEqualTo(atOnce);
    assertThat(log.machine.hash()).isEqualTo(log.machine.recomputeHash());
  }

  @Test
  void aCheckerComputesTheSameAndKeepsNothing() {
    TestLog log = small();
    StateCapture capture = log.machine.captureState();

    StateImage checked = read(capture, log.machine.checker(), new Random(1));

    assertThat(checked.hash()).isEqualTo(capture.hash());
    assertThat(checked.index()).isEqualTo(capture.index());
    assertThat(checked.roster()).isEqualTo(capture.roster());
    assertThatThrownBy(() -> restored.restore(checked)).hasMessageContaining("only checked");
  }

  /** Many pieces, and items longer than one. */
  @Test
  void piecesAreBoundedAndHoldValuesOfAnySize() {
    TestLog log = TestLog.with(KvLimits.DEFAULTS).unchecked();
    for (int i = 0; i < 3_000; i++) {
      log.put("key" + i, "value".repeat(1 + i % 40));
    }
    log.put(TestLog.simple("client", 1), "large", "x".repeat(1 << 20));
    log.apply(new KvCommand.Delete(TestLog.simple("client", 2), TestLog.bytes("large")));
    log.put("large", "y".repeat(1 << 20));

    StateCapture capture = log.machine.captureState();
    int large = 0;
    for (Iterator<Bytes> pieces = capture.pieces(); pieces.hasNext(); ) {
      large += pieces.next().length() > StateFormat.PIECE_BYTES ? 1 : 0;
    }
    restored.restore(read(capture, restored.reader(), new Random(2)));

    assertThat(large).isEqualTo(2);
    assertThat(restored.hash()).isEqualTo(capture.hash());
    assertThat(restored.keyCount()).isEqualTo(3_001);
  }

  @Test
  void aStateThatEndsEarlyIsRefused() {
    byte[] whole = bytes(small().machine.captureState());

    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> readAll(part)).as("%d bytes", length).isInstanceOf(Refusal.class);
    }
  }

  /** Hazard 74: a damaged length asks for no memory; nothing but a sentence comes out. */
  @Test
  void everyFlippedByteIsRefusedOrChangesTheHash() {
    TestLog log = small();
    byte[] whole = bytes(log.machine.captureState());
    int refused = 0;
    for (int at = 0; at < whole.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = whole.clone();
        flipped[at] ^= (byte) (1 << bit);
        refused += refusesOrDiffers(flipped, log) ? 1 : 0;
      }
    }
    assertThat(refused).isEqualTo(whole.length * 8);
  }

  @Test
  void nothingIsCapturedBeforeTheClusterIsFormed() {
    assertThatThrownBy(restored::captureState).isInstanceOf(IllegalStateException.class);
  }

  private static boolean refusesOrDiffers(byte[] state, TestLog log) {
    try {
      StateImage image = readAll(state);
      boolean facts =
          image.index() == log.machine.appliedIndex()
              && image.roster().equals(log.machine.roster());
      return !facts || !image.hash().equals(log.machine.hash());
    } catch (Refusal refusal) {
      return true;
    }
  }

  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(MalformedInput cause) {
      super(cause);
    }
  }

  /** Anything but a {@link MalformedInput} fails the test. */
  private static StateImage readAll(byte[] state) {
    try {
      StateReader reader = new KvStateMachine().reader();
      reader.take(Bytes.wrap(state));
      return reader.finish();
    } catch (MalformedInput refused) {
      throw new Refusal(refused);
    }
  }

  /** Every kind of item: dropped, stored and sealed marks, all kinds of session, an eviction. */
  private static TestLog small() {
    TestLog log = TestLog.with(KvLimits.DEFAULTS.withMaxSessions(4).withMaxStoredAnswerBytes(70));
    for (int client = 0; client < 6; client++) {
      log.put(TestLog.simple("simple" + client, 1).withSessionStart(log.nextIndex() - 1), "a");
    }
    log.put(TestLog.windowed("window", 3, 0).withSessionStart(log.nextIndex() - 1), "b");
    log.put(TestLog.windowed("window", 1, 0).withSessionStart(log.nextIndex() - 2), "c");
    log.cancel(TestLog.simple("sealed", 1).withSessionStart(log.nextIndex() - 1));
    return log;
  }

  private static void run(TestLog log, RandomCommands commands, Random random, int steps) {
    for (int step = 0; step < steps; step++) {
      int kind = random.nextInt(200);
      if (kind == 0) {
        commands.admit(log);
      } else if (kind == 1) {
        KvLimits other = TIGHT.withMaxSessions(8 + random.nextInt(8));
        log.append(EntryKind.SETTINGS, TestLog.settings(other).encode());
      } else {
        log.apply(commands.next(log));
      }
    }
  }

  private static byte[] bytes(StateCapture capture) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    capture.pieces().forEachRemaining(b -> all.write(b.array(), b.offset(), b.length()));
    return all.toByteArray();
  }

  /** Reads the state from pieces that are cut anywhere. */
  private static StateImage read(StateCapture capture, StateReader reader, Random random) {
    byte[] all = bytes(capture);
    for (int at = 0; at < all.length; ) {
      int most = random.nextInt(4) == 0 ? 10 : 5_000;
      int length = Math.min(1 + random.nextInt(most), all.length - at);
      reader.take(Bytes.wrap(all, at, length));
      at += length;
    }
    return reader.finish();
  }
}
