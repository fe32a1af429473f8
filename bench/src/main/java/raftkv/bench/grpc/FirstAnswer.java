package raftkv.bench.grpc;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import raftkv.proto.etcd.KVGrpc;
import raftkv.proto.etcd.RangeRequest;
import raftkv.proto.kv.v1.GetRequest;
import raftkv.proto.kv.v1.KvServiceGrpc;

/**
 * Asks one node of this system or of etcd for a linearizable read, every five milliseconds, until
 * it answers: so it is seen when a node serves again. Started before the node is, so that its own
 * start does not count.
 */
public final class FirstAnswer {
  private static final long GAP_NANOS = Duration.ofMillis(5).toNanos();
  private static final long LIMIT_NANOS = Duration.ofMinutes(10).toNanos();
  private static final String KEY = "first-answer";

  private FirstAnswer() {}

  /**
   * Arguments: raftkv or etcd, and the address. Prints "asking" when it was refused for the first
   * time, and milliseconds since 1970 when it was answered.
   */
  public static void main(String[] arguments) {
    boolean etcd = arguments[0].equals("etcd");
    long start = System.nanoTime();
    try (Channels channels = new Channels()) {
      ManagedChannel channel = channels.open(arguments[1]);
      boolean told = false;
      while (System.nanoTime() - start < LIMIT_NANOS) {
        if (isAnswered(channel, etcd)) {
          System.out.println(System.currentTimeMillis());
          return;
        }
        if (!told) {
          System.out.println("asking");
          told = true;
        }
        // gRPC's own pause between two attempts to connect would be most of what is measured.
        channel.resetConnectBackoff();
        LockSupport.parkNanos(GAP_NANOS);
      }
    }
    System.out.println("no answer");
    System.exit(1);
  }

  private static boolean isAnswered(ManagedChannel channel, boolean etcd) {
    try {
      if (etcd) {
        RangeRequest question =
            RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(KEY)).build();
        var unused = Unary.ask(channel, KVGrpc.getRangeMethod(), question);
      } else {
        GetRequest question = GetRequest.newBuilder().setKey(KEY).build();
        var unused = Unary.ask(channel, KvServiceGrpc.getGetMethod(), question);
      }
      return true;
    } catch (StatusRuntimeException notYet) {
      return false;
    }
  }
}
