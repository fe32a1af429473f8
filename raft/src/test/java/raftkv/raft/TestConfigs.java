package raftkv.raft;

/** Variations of {@link RaftConfig} for tests. */
final class TestConfigs {
  private TestConfigs() {}

  /** With the expensive checks on. */
  static RaftConfig checked(RaftConfig c) {
    return withFlow(c, c.flow());
  }

  /** With the expensive checks on, too. */
  static RaftConfig copy(RaftConfig c, int appendBytes, int windowMessages, int uncommitted) {
    RaftConfig.Flow flow = c.flow();
    return withFlow(
        c,
        new RaftConfig.Flow(
            appendBytes,
            windowMessages,
            flow.windowBytes(),
            uncommitted,
            flow.maxUncommittedBytes(),
            flow.maxCommittedEntries(),
            flow.maxCommittedBytes()));
  }

  private static RaftConfig withFlow(RaftConfig c, RaftConfig.Flow flow) {
    return new RaftConfig(
        c.self(),
        c.members(),
        c.format(),
        c.limits(),
        c.elections(),
        flow,
        c.retainedLogBytes(),
        c.snapshotRetryNanos(),
        true);
  }
}
