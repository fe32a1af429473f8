package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static raftkv.raft.ExploreBounds.Kind.CAMPAIGN;
import static raftkv.raft.ExploreBounds.Kind.CRASH;
import static raftkv.raft.ExploreBounds.Kind.DUPLICATE;
import static raftkv.raft.ExploreBounds.Kind.HEARTBEAT;
import static raftkv.raft.ExploreBounds.Kind.PROPOSE;
import static raftkv.raft.ExploreBounds.Kind.READ;
import static raftkv.raft.ExploreBounds.Kind.REMOUNT;
import static raftkv.raft.ExploreBounds.Kind.WIPE;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every state that three production cores can reach within bounds, each checked: one leader a term,
 * equal text at an equal place, leaders that have what is committed, nothing acknowledged or voted
 * that is not on disk, no vote forgotten, reads that are not stale (safety §1, §2, §5).
 *
 * <p>{@code -Dexplore.long=true} takes wider bounds as well, and much longer. A failure prints all
 * steps that lead to it.
 */
class ExhaustiveSearchTest {
  private static final List<Integer> FAST = List.of();
  private static final List<Integer> ALL_SLOW = List.of(1, 2, 3);
  private static final ExploreBounds NONE = ExploreBounds.none();

  /** Where it begins, and how much may happen. */
  private record Scene(String name, Supplier<ExploreState> start, ExploreBounds bounds) {
    @Override
    public String toString() {
      return name + ", " + bounds;
    }
  }

  static List<Scene> scenes() {
    return List.of(
        new Scene(
            "elections",
            () -> ExploreScenes.campaigned(FAST),
            NONE.with(CAMPAIGN, 1).with(PROPOSE, 1)),
        new Scene("slow disks", () -> ExploreScenes.campaigned(ALL_SLOW), NONE.with(CAMPAIGN, 1)),
        new Scene(
            "crash in an election",
            () -> ExploreScenes.campaigned(List.of(1)),
            NONE.with(CAMPAIGN, 1).with(CRASH, 1)),
        new Scene(
            "crash of a leader with a slow disk",
            () -> ExploreScenes.led(List.of(1)),
            NONE.with(PROPOSE, 1).with(CRASH, 1).with(CAMPAIGN, 1)),
        new Scene(
            "read in an election",
            () -> ExploreScenes.led(FAST),
            NONE.with(READ, 1).with(CAMPAIGN, 1)),
        new Scene(
            "messages that come twice",
            () -> ExploreScenes.led(FAST),
            NONE.with(PROPOSE, 1).with(DUPLICATE, 1).with(CAMPAIGN, 1)),
        new Scene(
            "formation", () -> ExploreScenes.blank(FAST), NONE.with(CAMPAIGN, 2).with(WIPE, 1)),
        new Scene(
            "disk wiped while leadership changes",
            () -> ExploreScenes.led(FAST),
            NONE.with(PROPOSE, 1).with(WIPE, 1).with(CAMPAIGN, 1)),
        new Scene(
            "old disk put back",
            () -> ExploreScenes.led(FAST),
            NONE.with(HEARTBEAT, 2).with(WIPE, 1).with(REMOUNT, 1).losing(3)));
  }

  /** For longer runs. */
  static List<Scene> longScenes() {
    return List.of(
        new Scene("three elections", () -> ExploreScenes.campaigned(FAST), NONE.with(CAMPAIGN, 2)),
        new Scene(
            "slow disks and a crash",
            () -> ExploreScenes.campaigned(ALL_SLOW),
            NONE.with(CAMPAIGN, 1).with(CRASH, 1)),
        new Scene(
            "elections, an entry and a crash",
            () -> ExploreScenes.campaigned(FAST),
            NONE.with(CAMPAIGN, 1).with(CRASH, 1).with(PROPOSE, 1)),
        new Scene(
            "read and an entry",
            () -> ExploreScenes.led(FAST),
            NONE.with(PROPOSE, 1).with(READ, 1).with(CAMPAIGN, 1)),
        new Scene(
            "two wiped disks",
            () -> ExploreScenes.led(FAST),
            NONE.with(HEARTBEAT, 2).with(WIPE, 2)),
        new Scene(
            "old disk of any node put back",
            () -> ExploreScenes.led(FAST),
            NONE.with(HEARTBEAT, 2).with(WIPE, 1).with(REMOUNT, 1)));
  }

  private static Exploration explore(String name, ExploreState start, ExploreBounds bounds) {
    Exploration exploration = new Exploration(Long.getLong("explore.max", 60_000_000));
    exploration.explore(start.within(bounds));
    System.out.println(name + ", " + bounds + ": " + exploration.summary());
    return exploration;
  }

  @ParameterizedTest
  @MethodSource("scenes")
  void staysSafeInEveryStateThatCanBeReached(Scene scene) {
    Exploration exploration = explore(scene.name(), scene.start().get(), scene.bounds());

    assertThat(exploration.states()).as("states").isGreaterThan(2_000);
    assertThat(exploration.highestCommit()).as("something is committed").isGreaterThan(1);
    boolean losesDisks = scene.bounds().allows(WIPE);
    assertThat(exploration.admitted() > 0).as("a new disk counts").isEqualTo(losesDisks);
  }

  @TestFactory
  Stream<DynamicTest> staysSafeWithinWiderBounds() {
    List<Scene> scenes = Boolean.getBoolean("explore.long") ? longScenes() : List.of();
    return scenes.stream()
        .map(scene -> dynamicTest(scene.toString(), () -> staysSafeForLong(scene)));
  }

  private static void staysSafeForLong(Scene scene) {
    Exploration exploration = explore(scene.name(), scene.start().get(), scene.bounds());

    assertThat(exploration.states()).isGreaterThan(100_000);
  }

  /** The same search twice finds the same states: nothing but the steps decides. */
  @Test
  void findsTheSameStatesEachTime() {
    ExploreBounds bounds = NONE.with(WIPE, 1).with(HEARTBEAT, 1);
    Exploration one = explore("once", ExploreScenes.led(FAST), bounds);
    Exploration other = explore("twice", ExploreScenes.led(FAST), bounds);

    assertThat(other.states()).isEqualTo(one.states());
    assertThat(other.steps()).isEqualTo(one.steps());
  }
}
