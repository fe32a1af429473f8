package raftkv.raft;

/** Variations of {@link RaftConfig} for tests. */
final class TestConfigs {
  private TestConfigs() {}

  /** With the expensive checks on. */
  static RaftConfig checked(RaftConfig c) {
    return copy(c, c.maxAppendBytes(), c.windowMessages(), c.maxUncommittedEntries());
  }

  static RaftConfig copy(RaftConfig c, int appendBytes, int windowMessages, int uncommitted) {
    return new RaftConfig(
        c.self(),
        c.members(),
        c.electionTimeoutMinNanos(),
        c.electionTimeoutMaxNanos(),
        c.heartbeatNanos(),
        appendBytes,
        windowMessages,
        c.windowBytes(),
        uncommitted,
        c.maxUncommittedBytes(),
        c.maxCommittedEntries(),
        c.maxCommittedBytes(),
        c.reactToLinkLoss(),
        c.preVote(),
        true,
        c.format(),
        c.limits(),
        c.retainedLogBytes(),
        c.snapshotRetryNanos());
  }
}
