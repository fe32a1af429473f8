package raftkv.client.fake;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands before a node and passes bytes on, until it is told to lose those of the connections that
 * are open: as when a cable is cut or a firewall forgets, they stay open and nothing arrives.
 */
public final class MuteProxy implements AutoCloseable {
  private final int target;
  private final ServerSocket server;
  private final List<Link> links = new ArrayList<>();
  private int accepted;

  /** Stands before that node. */
  public MuteProxy(FakeNode node) {
    target = node.port();
    try {
      server = new ServerSocket(0, 50, InetAddress.getByName("localhost"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::acceptAll);
  }

  /** Where it listens, as a client is told. */
  public String endpoint() {
    return "localhost:" + server.getLocalPort();
  }

  /** Nothing passes any more on the connections that are open now; later ones are as before. */
  public synchronized void muteOpenConnections() {
    links.forEach(link -> link.mute = true);
  }

  /** How many connections were made to it. */
  public synchronized int accepted() {
    return accepted;
  }

  private void acceptAll() {
    try {
      while (!server.isClosed()) {
        Link link =
            new Link(server.accept(), new Socket(InetAddress.getByName("localhost"), target));
        synchronized (this) {
          accepted++;
          links.add(link);
        }
        start(() -> link.pass(link.client, link.node));
        start(() -> link.pass(link.node, link.client));
      }
    } catch (IOException ended) {
      return;
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "mute-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      server.close();
      synchronized (this) {
        links.forEach(Link::close);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One connection and its other half. */
  private static final class Link {
    private final Socket client;
    private final Socket node;

    /** Set by the test, read by the two threads that pass bytes on. */
    private volatile boolean mute;

    Link(Socket client, Socket node) {
      this.client = client;
      this.node = node;
    }

    void pass(Socket from, Socket to) {
      byte[] bytes = new byte[1 << 14];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
          if (!mute) {
            out.write(bytes, 0, count);
          }
        }
      } catch (IOException ended) {
        close();
      }
      close();
    }

    void close() {
      try {
        client.close();
        node.close();
      } catch (IOException alreadyGone) {
        return;
      }
    }
  }
}
