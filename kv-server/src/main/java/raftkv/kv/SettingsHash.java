package raftkv.kv;

import raftkv.raft.Roster;

/** The share of the state hash of cluster, members and limits (docs/state-hash.md). */
final class SettingsHash {
  private SettingsHash() {}

  static ItemHash of(Roster named, KvLimits limits) {
    ItemHash item =
        new ItemHash(ItemHash.SETTINGS)
            .number(named.clusterId().high())
            .number(named.clusterId().low())
            .bytes(limits.encode())
            .number(named.members().size());
    for (Roster.Named member : named.members()) {
      item.number(member.node().value())
          .number(member.incarnation().high())
          .number(member.incarnation().low())
          .number(member.byAdmission() ? 1 : 0);
    }
    return item;
  }
}
