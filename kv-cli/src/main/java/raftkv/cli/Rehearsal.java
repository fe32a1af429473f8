package raftkv.cli;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * Plays every command once, with real calls over the loopback, so that a virtual machine started
 * with {@code -XX:DumpLoadedClassList} notes each class that a call needs. Run when the program is
 * built, and when an image is made; of no use to users.
 *
 * <pre>
 * java -Xshare:off -XX:DumpLoadedClassList=CLASSES -cp kv-cli.jar raftkv.cli.Rehearsal
 * java -Xshare:dump -XX:SharedClassListFile=CLASSES -XX:SharedArchiveFile=kv-cli-BUILD.jsa -cp kv-cli.jar
 * </pre>
 */
public final class Rehearsal {
  private static final String[][] CALLS = {
    {"put", "k", "v"},
    {"get", "k"},
    {"get", "k", "l", "-o", "raw", "--consistency", "stale"},
    {"get", "k", "-o", "json", "-v"},
    {"put", "k", "v", "--client-id", "me", "--seq", "1", "--leader-only"},
    {"put", "--from", "-"},
    {"load", "-"},
    {"del", "k"},
    {"cas", "k", "v", "--if-absent"},
    {"cas", "k", "v", "--if-value", "w", "-o", "json"},
    {"list"},
    {"list", "k", "--keys", "--limit", "5", "-o", "json"},
    {"count"},
    {"status"},
    {"status", "--wait", "leader", "--timeout", "5s"},
    {"members"},
    {"transfer", "1"},
    {"hash"},
    {"snapshot"},
    {"outcome", "--client-id", "me", "--seq", "1"},
    {"put", "refused", "v", "--timeout", "300ms"},
    {"get", "--nonsense"},
    {"--version"},
    {"--help"},
  };

  private static final Set<String> FAILING = Set.of("refused", "--nonsense");

  private Rehearsal() {}

  /** Plays; exits with 0 if every call went as it should. */
  public static void main(String[] args) throws IOException {
    Main.beLean();
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(new RehearsalData())
            .addService(new RehearsalCluster())
            .build()
            .start();
    int unexpected = 0;
    for (String[] call : CALLS) {
      int code = play(call, server.getPort());
      boolean meantToFail = call.length > 1 && FAILING.contains(call[1]);
      unexpected += (code == ExitCode.DONE) == meantToFail ? 1 : 0;
    }
    server.shutdownNow();
    System.exit(unexpected);
  }

  private static int play(String[] call, int port) {
    String[] args = new String[call.length + 2];
    args[0] = "--port";
    args[1] = Integer.toString(port);
    System.arraycopy(call, 0, args, 2, call.length);
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false);
    byte[] lines = "a 1\nb 2\n".getBytes(StandardCharsets.UTF_8);
    Terminal terminal = new Terminal(nowhere, nowhere, new ByteArrayInputStream(lines), Map.of());
    return new Cli(terminal).run(args);
  }
}
