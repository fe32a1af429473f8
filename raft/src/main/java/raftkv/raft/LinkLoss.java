package raftkv.raft;

import java.util.random.RandomGenerator;

/**
 * How a broken link to the leader shortens the wait for an election (decisions §2, ADR 36 and 40):
 * not more often than timeouts would, and staggered, since without that both survivors of three tie
 * as the normal case. The next behind the leader in the ring of members goes first: there clients
 * look for it, too.
 */
final class LinkLoss {
  private static final long PLACE_DELAY_NANOS = 12_000_000;
  private static final long PLACE_JITTER_NANOS = 4_000_000;

  private final RaftConfig config;
  private final RandomGenerator random;
  private long nextTryNanos = Long.MIN_VALUE;

  LinkLoss(RaftConfig config, RandomGenerator random) {
    this.config = config;
    this.random = random;
  }

  /** Whether links matter at all here. */
  boolean isHeeded() {
    return config.elections().reactToLinkLoss();
  }

  /** Whether the last pre-vote for that reason is long enough ago. */
  boolean mayTry(long nowNanos) {
    return nowNanos >= nextTryNanos;
  }

  /** A pre-vote begins: a link that breaks again and again must not begin one each time. */
  void tried(long nowNanos) {
    nextTryNanos = nowNanos + config.elections().timeoutMaxNanos();
  }

  /** How long this node leaves the field to those that come between the lost leader and it. */
  long delayNanos(NodeId lost) {
    long places = config.placesBehind(lost, config.self()) - 1L;
    return places * PLACE_DELAY_NANOS + Xoshiro256.between(random, 0, PLACE_JITTER_NANOS);
  }
}
