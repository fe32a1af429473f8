package raftkv.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LeaderMapTest {
  private final LeaderMap map = new LeaderMap(List.of("a:9001", "b:9002", "c:9003"));

  @Test
  void hintIsMappedByNodeIdBeforeItsAddress() {
    map.learn(2, new Sighting(7, 4, 0, ""));

    boolean changed = map.learn(0, new Sighting(1, 4, 7, "b:9002"));

    assertThat(changed).isTrue();
    assertThat(map.leader()).isEqualTo(2);
  }

  @Test
  void unknownIdIsMappedByConfiguredAddress() {
    map.learn(0, new Sighting(1, 4, 2, "b:9002"));

    assertThat(map.leader()).isEqualTo(1);
  }

  @Test
  void containerInternalNameIsMappedByItsPort() {
    map.learn(0, new Sighting(1, 4, 3, "node3:9003"));

    assertThat(map.leader()).isEqualTo(2);
  }

  @Test
  void portThatTwoEndpointsShareNamesNobody() {
    LeaderMap same = new LeaderMap(List.of("a:9001", "b:9001"));

    same.learn(0, new Sighting(0, 4, 3, "node3:9001"));

    assertThat(same.leader()).isEqualTo(LeaderMap.NONE);
  }

  @Test
  void portOfAnEndpointThatIsKnownToBeAnotherNodeNamesNobody() {
    map.learn(2, new Sighting(1, 4, 0, ""));

    map.learn(0, new Sighting(2, 4, 3, "node3:9003"));

    assertThat(map.leader()).isEqualTo(LeaderMap.NONE);
  }

  @Test
  void leaderThatIsNotConfiguredIsNobody() {
    map.learn(0, new Sighting(1, 4, 5, "elsewhere:9005"));

    assertThat(map.leader()).isEqualTo(LeaderMap.NONE);
    assertThat(map.term()).isEqualTo(4);
  }

  @Test
  void sightingOfAnEarlierTermIsIgnored() {
    map.learn(0, new Sighting(1, 5, 1, "a:9001"));

    boolean changed = map.learn(1, new Sighting(2, 4, 2, "b:9002"));

    assertThat(changed).isFalse();
    assertThat(map.leader()).isZero();
  }

  @Test
  void nodeThatKnowsNoLeaderOfTheSameTermTellsNothing() {
    map.learn(0, new Sighting(1, 5, 1, "a:9001"));

    assertThat(map.learn(1, new Sighting(2, 5, 0, ""))).isFalse();
    assertThat(map.leader()).isZero();
  }

  @Test
  void higherTermWithoutLeaderForgetsTheOldOne() {
    map.learn(0, new Sighting(1, 5, 1, "a:9001"));

    assertThat(map.learn(1, new Sighting(2, 6, 0, ""))).isTrue();
    assertThat(map.leader()).isEqualTo(LeaderMap.NONE);
  }

  @Test
  void sameLeaderInAHigherTermIsNews() {
    map.learn(0, new Sighting(1, 5, 1, "a:9001"));

    assertThat(map.learn(0, new Sighting(1, 6, 1, "a:9001"))).isTrue();
    assertThat(map.learn(0, new Sighting(1, 6, 1, "a:9001"))).isFalse();
  }

  @Test
  void suspectedLeaderIsNoTargetAndOthersAreTriedInOrder() {
    map.learn(0, new Sighting(1, 5, 1, "a:9001"));

    map.suspect(0);

    assertThat(map.leader()).isEqualTo(LeaderMap.NONE);
    assertThat(map.target()).isEqualTo(1);
    assertThat(map.targetAfter(1)).isEqualTo(2);
    assertThat(map.targetAfter(2)).isZero();
  }

  /** New requests go where those that failed go, and where the next leader is to be expected. */
  @Test
  void behindASuspectedLeaderTheNextIsAsked() {
    map.learn(0, new Sighting(1, 5, 2, "b:9002"));

    map.suspect(1);

    assertThat(map.target()).isEqualTo(2);
    assertThat(map.targetAfter(1)).isEqualTo(2);
    map.suspect(1);
    assertThat(map.target()).as("the second failure says nothing new").isEqualTo(2);
  }

  /** A follower may hear the leader well while this client does not. */
  @Test
  void distrustedLeaderIsNoneWhoeverNamesIt() {
    map.learn(0, new Sighting(1, 5, 1, "a:9001"));

    map.distrust(0, 100);

    assertThat(map.learn(1, new Sighting(2, 5, 1, "a:9001"))).as("news").isFalse();
    assertThat(map.leader()).isEqualTo(LeaderMap.NONE);
    assertThat(map.target()).isEqualTo(1);
    assertThat(map.learn(2, new Sighting(3, 6, 1, "a:9001"))).as("a new term").isTrue();
    assertThat(map.leader()).isEqualTo(LeaderMap.NONE);
  }

  @Test
  void distrustEndsWithTime() {
    map.learn(0, new Sighting(1, 5, 1, "a:9001"));
    map.distrust(0, 100);

    map.forgive(99);
    map.learn(1, new Sighting(2, 5, 1, "a:9001"));
    assertThat(map.leader()).isEqualTo(LeaderMap.NONE);

    map.forgive(100);
    map.learn(1, new Sighting(2, 5, 1, "a:9001"));
    assertThat(map.leader()).isZero();
  }

  @Test
  void distrustEndsWithAnyAnswer() {
    map.learn(0, new Sighting(1, 5, 1, "a:9001"));
    map.distrust(0, 100);

    map.heard(0);
    map.learn(1, new Sighting(2, 5, 1, "a:9001"));

    assertThat(map.leader()).isZero();
  }

  @Test
  void distrustOfOneIsNoDistrustOfTheNextLeader() {
    map.learn(0, new Sighting(1, 5, 1, "a:9001"));
    map.distrust(0, 100);

    assertThat(map.learn(1, new Sighting(2, 6, 3, "c:9003"))).isTrue();
    assertThat(map.target()).isEqualTo(2);
  }

  @Test
  void afterAFailureTheLeaderIsTriedUnlessItIsTheOneThatFailed() {
    map.learn(0, new Sighting(1, 5, 1, "a:9001"));

    assertThat(map.targetAfter(2)).isZero();
    assertThat(map.targetAfter(0)).isEqualTo(1);
  }

  /** What is known may be skipped: it must be exactly what learning would not change. */
  @Test
  void onlyWhatChangesNothingIsKnown() {
    assertThat(map.knows(0, 1, 5, 1)).isFalse();
    map.learn(0, new Sighting(1, 5, 1, "a:9001"));

    assertThat(map.knows(0, 1, 5, 1)).isTrue();
    assertThat(map.knows(1, 2, 5, 1)).as("its id is new").isFalse();
    assertThat(map.knows(0, 1, 6, 1)).as("a newer term").isFalse();
    assertThat(map.knows(0, 1, 4, 1)).as("an older term").isFalse();
    assertThat(map.knows(0, 1, 5, 2)).as("another leader").isFalse();
    assertThat(map.knows(0, 1, 5, 0)).as("no leader").isFalse();
    map.suspect(0);
    assertThat(map.knows(0, 1, 5, 1)).as("a leader in doubt").isFalse();
  }
}
