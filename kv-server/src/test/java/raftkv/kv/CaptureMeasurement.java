package raftkv.kv;

import java.util.Iterator;
import raftkv.port.StateCapture;
import raftkv.port.StateReader;
import raftkv.raft.Bytes;
import raftkv.raft.EntryKind;

/**
 * Measures what a capture costs the loop, by hand: 10,000 sessions with 128 marks each, and the
 * writes behind it that copy what it holds. After {@code mvn -pl kv-server -am test-compile}:
 *
 * <pre>
 *   java -Xms1500m -Xmx1500m -XX:+UseG1GC \
 *     -cp kv-server/target/test-classes:kv-server/target/classes:raft/target/classes \
 *     raftkv.kv.CaptureMeasurement 10000 128
 * </pre>
 */
final class CaptureMeasurement {
  private final TestLog log = TestLog.with(KvLimits.DEFAULTS).unchecked();

  private CaptureMeasurement() {}

  /** The arguments are sessions, and marks of each. */
  public static void main(String[] arguments) {
    int sessions = Integer.parseInt(arguments[0]);
    int marks = Integer.parseInt(arguments[1]);
    CaptureMeasurement measured = new CaptureMeasurement();
    for (int mark = 1; mark <= marks; mark++) {
      measured.round(sessions, mark);
    }
    System.out.println("  a write: " + measured.round(sessions, marks + 1) / sessions + " ns");
    for (int i = 0; i < 5; i++) {
      measured.captureAndRound(sessions, marks + 2 + i);
    }
  }

  private void captureAndRound(int sessions, int seqNum) {
    long start = System.nanoTime();
    StateCapture capture = log.machine.captureState();
    long nanos = System.nanoTime() - start;
    long write = round(sessions, seqNum) / sessions;
    System.out.println("  capture: " + nanos + " ns, a write behind it: " + write + " ns");
    start = System.nanoTime();
    StateReader reader = log.machine.checker();
    long bytes = 0;
    for (Iterator<Bytes> pieces = capture.pieces(); pieces.hasNext(); ) {
      Bytes piece = pieces.next();
      bytes += piece.length();
      reader.take(piece);
    }
    boolean equal = reader.finish().hash().equals(capture.hash());
    long millis = (System.nanoTime() - start) / 1_000_000;
    System.out.println("  written and checked: " + bytes + " bytes, " + millis + " ms, " + equal);
  }

  /** One write of each session; returns the nanoseconds of applying alone. */
  private long round(int sessions, int seqNum) {
    long nanos = 0;
    for (int session = 0; session < sessions; session++) {
      KvCommand put =
          new KvCommand.Put(
              TestLog.simple("client" + session, seqNum),
              TestLog.bytes("key" + session),
              KvValue.text("value"));
      Bytes body = CommandCodec.encode(put);
      long start = System.nanoTime();
      log.append(EntryKind.COMMAND, body);
      nanos += System.nanoTime() - start;
      log.answers.clear();
    }
    return nanos;
  }
}
