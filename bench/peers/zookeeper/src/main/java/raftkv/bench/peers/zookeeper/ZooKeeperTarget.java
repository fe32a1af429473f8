package raftkv.bench.peers.zookeeper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;
import raftkv.bench.target.Failure;
import raftkv.bench.target.Target;

/**
 * ZooKeeper through its own client: one connection, to the server that leads. A put is setData (and
 * create, if the key is new), a linearizable get is sync and getData, sent one behind the other on
 * the one connection, whose order the server keeps; a stale get is getData.
 */
final class ZooKeeperTarget implements Target {
  private static final int SESSION_MILLIS = 30_000;
  private static final int QUESTION_MILLIS = 2_000;
  private static final long CONNECT_SECONDS = 10;

  private final ZooKeeper client;

  private ZooKeeperTarget(ZooKeeper client) {
    this.client = client;
  }

  static ZooKeeperTarget toLeader(List<String> endpoints) throws IOException, InterruptedException {
    for (String endpoint : endpoints) {
      if (leads(endpoint)) {
        return connect(endpoint);
      }
    }
    throw new IOException("none of " + endpoints + " leads");
  }

  private static ZooKeeperTarget connect(String endpoint) throws IOException, InterruptedException {
    CountDownLatch connected = new CountDownLatch(1);
    ZooKeeper client =
        new ZooKeeper(
            endpoint,
            SESSION_MILLIS,
            event -> {
              if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
              }
            });
    if (!connected.await(CONNECT_SECONDS, TimeUnit.SECONDS)) {
      client.close();
      throw new IOException("no connection to " + endpoint);
    }
    return new ZooKeeperTarget(client);
  }

  /** By the one of its four-letter words that is allowed by default. */
  private static boolean leads(String endpoint) {
    int colon = endpoint.lastIndexOf(':');
    int port = Integer.parseInt(endpoint.substring(colon + 1));
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getByName(endpoint.substring(0, colon)), port),
          QUESTION_MILLIS);
      socket.setSoTimeout(QUESTION_MILLIS);
      socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return answer.contains("Mode: leader") || answer.contains("Mode: standalone");
    } catch (IOException silent) {
      return false;
    }
  }

  @Override
  public void put(String key, byte[] value, Ending ending) {
    client.setData(
        "/" + key,
        value,
        -1,
        (code, path, context, stat) -> {
          if (code == Code.NONODE.intValue()) {
            create(key, value, ending);
          } else {
            end(code, null, ending);
          }
        },
        null);
  }

  private void create(String key, byte[] value, Ending ending) {
    client.create(
        "/" + key,
        value,
        ZooDefs.Ids.OPEN_ACL_UNSAFE,
        CreateMode.PERSISTENT,
        (code, path, context, name) -> {
          if (code == Code.NODEEXISTS.intValue()) {
            put(key, value, ending);
          } else {
            end(code, null, ending);
          }
        },
        null);
  }

  @Override
  public void get(String key, Ending ending) {
    // Its answer says nothing that the answer behind it does not say.
    client.sync("/" + key, (code, path, context) -> {}, null);
    getStale(key, ending);
  }

  @Override
  public void getStale(String key, Ending ending) {
    client.getData(
        "/" + key, false, (code, path, context, data, stat) -> end(code, data, ending), null);
  }

  private static void end(int code, byte @Nullable [] data, Ending ending) {
    if (code == Code.OK.intValue() || code == Code.NONODE.intValue()) {
      ending.ended(data, null);
    } else {
      ending.ended(null, Failure.unknown(Code.get(code).name()));
    }
  }

  @Override
  public String describe() {
    return "ZooKeeper, its own client, to the leader";
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
