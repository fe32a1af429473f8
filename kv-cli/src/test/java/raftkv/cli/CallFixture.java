package raftkv.cli;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import raftkv.client.fake.FakeCluster;

/** A fake cluster, and calls to it as a shell would make them. */
final class CallFixture implements AutoCloseable {
  private final FakeCluster cluster = new FakeCluster();
  private byte[] stdin = new byte[0];

  /** What a call left behind. */
  record Call(int code, ByteString rawOut, String err) {
    String out() {
      return rawOut.toStringUtf8();
    }
  }

  FakeCluster cluster() {
    return cluster;
  }

  void stdin(byte[] bytes) {
    stdin = bytes;
  }

  /** Calls with KV_ENDPOINTS set to all nodes. */
  Call call(String... args) {
    return call(Map.of("KV_ENDPOINTS", String.join(",", cluster.endpoints())), args);
  }

  /** The same as the launcher has it called at a terminal. */
  Call watched(String... args) {
    String endpoints = String.join(",", cluster.endpoints());
    return call(Map.of("KV_ENDPOINTS", endpoints, "KV_STDERR_TTY", "1"), args);
  }

  /** A new file to load: key1, key2 and so on. */
  static Path entries(Path directory, int count) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= count; i++) {
      lines.append("key").append(i).append(" value ").append(i).append('\n');
    }
    Path file = directory.resolve("entries" + count);
    Files.writeString(file, lines);
    return file;
  }

  /** Calls with one node's port. */
  Call callAt(int node, String... args) {
    String[] pinned = new String[args.length + 2];
    System.arraycopy(args, 0, pinned, 0, args.length);
    pinned[args.length] = "--port";
    pinned[args.length + 1] = Integer.toString(cluster.node(node).port());
    return call(Map.of(), pinned);
  }

  Call call(Map<String, String> environment, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Call call = call(new PrintStream(out, true, StandardCharsets.UTF_8), environment, args);
    return new Call(call.code(), ByteString.copyFrom(out.toByteArray()), call.err());
  }

  /** Calls with that output, of which nothing is kept here. */
  Call callInto(PrintStream out, String... args) {
    return call(out, Map.of("KV_ENDPOINTS", String.join(",", cluster.endpoints())), args);
  }

  private Call call(PrintStream out, Map<String, String> environment, String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new ByteArrayInputStream(stdin),
            environment);
    int code = new Cli(terminal).run(args);
    return new Call(code, ByteString.EMPTY, err.toString(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    cluster.close();
  }
}
