package raftkv.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import raftkv.raft.ClusterId;

/** Two members on loopback: node 1 runs from the first, node 2 as often as a test starts it. */
final class TwoNodes {
  static final ClusterId RED = new ClusterId(1, 1);

  final int port1 = TestLink.freePort();
  final int port2 = TestLink.freePort();
  final TestLink one;
  private final List<AutoCloseable> open = new ArrayList<>();

  TwoNodes() {
    one = start(1, 11, RED);
  }

  /** A run of one of the two. */
  TestLink start(int self, long run, @Nullable ClusterId cluster) {
    Map<Integer, Integer> peers = self == 1 ? Map.of(2, port2) : Map.of(1, port1);
    return started(
        new TestLink(TestLink.settings(self, run, peers), self == 1 ? port1 : port2, cluster));
  }

  /** The same for a node with other settings. */
  TestLink started(TestLink link) {
    open.add(link);
    return link.start();
  }

  /** Node 2, once node 1 has a link to it. */
  TestLink linked(@Nullable ClusterId cluster) throws InterruptedException {
    TestLink two = start(2, 22, cluster);
    assertThat(one.nextEvent()).isEqualTo("established 2");
    return two;
  }

  /** That is closed at the end, too. */
  void closeLater(AutoCloseable resource) {
    open.add(resource);
  }

  /** Closes all; node 1 has had no failure. */
  void closeAll() throws Exception {
    for (AutoCloseable resource : open) {
      resource.close();
    }
    assertThat(one.failures).isEmpty();
  }
}
