package raftkv.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Where the process begins and ends. */
public final class Main {
  private static final String NETTY = "io.grpc.netty.shaded.io.netty.";

  /** Held here, since a logger that nobody holds forgets its level. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    beLean();
    silence();
    PrintStream out = utf8(FileDescriptor.out);
    PrintStream err = utf8(FileDescriptor.err);
    int code = new Cli(new Terminal(out, err, System.in, System.getenv())).run(args);
    out.flush();
    err.flush();
    System.exit(code);
  }

  /** The command says itself what went wrong; gRPC would print a stack for a name not found. */
  private static void silence() {
    GRPC.setLevel(Level.OFF);
  }

  /**
   * What Netty would otherwise find out for itself at the cost of 100 ms a call. It has to stand
   * before the first class of Netty is loaded.
   */
  static void beLean() {
    System.setProperty(NETTY + "transport.noNative", "true");
    System.setProperty(NETTY + "allocator.type", "unpooled");
    System.setProperty(NETTY + "jfr.enabled", "false");
    System.setProperty(NETTY + "leakDetection.level", "disabled");
    System.setProperty(NETTY + "machineId", "00:00:00:00:00:01");
    System.setProperty(NETTY + "processId", "1");
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor)), false, StandardCharsets.UTF_8);
  }
}
