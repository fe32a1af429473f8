package raftkv.bench.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import raftkv.proto.etcd.ResponseHeader;
import raftkv.proto.kv.v1.Role;
import raftkv.proto.kv.v1.StatusResponse;

/** When a trial may begin. */
class HealthyLeaderTest {
  private static StatusResponse.Builder kv(Role role, int leader) {
    return StatusResponse.newBuilder()
        .setRole(role)
        .setTerm(4)
        .setLeaderId(leader)
        .setCounts(true)
        .setContactAgeMs(20)
        .setCommitIndex(5_000)
        .setAppliedIndex(5_000);
  }

  private static List<StatusResponse> with(StatusResponse.Builder third) {
    return List.of(
        kv(Role.ROLE_FOLLOWER, 2).build(), kv(Role.ROLE_LEADER, 2).build(), third.build());
  }

  @Test
  void allNameOneLeaderWhoSaysSoHimself() {
    assertThat(KvContender.leaderOf(with(kv(Role.ROLE_FOLLOWER, 2)))).isEqualTo(2);
    assertThat(KvContender.leaderOf(with(kv(Role.ROLE_FOLLOWER, 3)))).isZero();
    assertThat(KvContender.leaderOf(with(kv(Role.ROLE_LEADER, 2)))).isZero();
    assertThat(KvContender.leaderOf(with(kv(Role.ROLE_FOLLOWER, 2).setTerm(3)))).isZero();
  }

  @Test
  void aNodeThatLagsOrDoesNotCountOrHearsNothingIsNotWell() {
    StatusResponse.Builder well = kv(Role.ROLE_FOLLOWER, 2);

    assertThat(KvContender.leaderOf(with(well.clone().setAppliedIndex(3_999)))).isZero();
    assertThat(KvContender.leaderOf(with(well.clone().setCounts(false)))).isZero();
    assertThat(KvContender.leaderOf(with(well.clone().setContactAgeMs(201)))).isZero();
    assertThat(KvContender.leaderOf(with(well.clone().clearContactAgeMs()))).isZero();
  }

  private static raftkv.proto.etcd.StatusResponse etcd(long member, long leader, long index) {
    return raftkv.proto.etcd.StatusResponse.newBuilder()
        .setHeader(ResponseHeader.newBuilder().setMemberId(member))
        .setLeader(leader)
        .setRaftTerm(4)
        .setRaftIndex(index)
        .build();
  }

  @Test
  void etcdsLeaderIsFoundByItsMemberId() {
    assertThat(EtcdContender.leaderOf(List.of(etcd(70, 80, 9), etcd(80, 80, 9), etcd(90, 80, 9))))
        .isEqualTo(2);
    assertThat(EtcdContender.leaderOf(List.of(etcd(70, 80, 9), etcd(80, 80, 9), etcd(90, 0, 9))))
        .isZero();
    assertThat(EtcdContender.leaderOf(List.of(etcd(70, 0, 9), etcd(80, 0, 9), etcd(90, 0, 9))))
        .isZero();
    assertThat(
            EtcdContender.leaderOf(
                List.of(etcd(70, 80, 2_000), etcd(80, 80, 2_000), etcd(90, 80, 999))))
        .isZero();
  }
}
