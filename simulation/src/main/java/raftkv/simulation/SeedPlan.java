package raftkv.simulation;

import java.util.random.RandomGenerator;
import raftkv.kv.KvLimits;
import raftkv.raft.Xoshiro256;
import raftkv.simulation.client.ClientHabits;
import raftkv.simulation.node.NodeTuning;
import raftkv.simulation.time.Timeline;

/**
 * How bad a seed gets, and how large it is: drawn once, so that some seeds are calm and some hell.
 *
 * @param nodes 3 or 5
 * @param clients at the same time
 * @param faultGapNanos about how long between two faults
 * @param severity from 0 (short, gentle) to 3 (long, all at once)
 * @param lossRate messages out of a million that are lost in bad weather; likewise the others
 * @param forceNanos about how long a force takes on a healthy disk
 */
record SeedPlan(
    int nodes,
    int clients,
    long faultGapNanos,
    int severity,
    int lossRate,
    long forceNanos,
    NodeTuning tuning) {
  static SeedPlan draw(RandomGenerator random) {
    int severity = (int) Xoshiro256.between(random, 0, 3);
    long[] gaps = {4_000, 2_000, 1_200, 600};
    int nodes = Xoshiro256.between(random, 1, 4) == 1 ? 5 : 3;
    int[] losses = {0, 1_000, 20_000, 100_000};
    long[] forces = {200, 800, 3_000, 12_000};
    return new SeedPlan(
        nodes,
        (int) Xoshiro256.between(random, 5, 7),
        gaps[severity] * Timeline.MILLI,
        severity,
        losses[(int) Xoshiro256.between(random, 0, severity)],
        forces[(int) Xoshiro256.between(random, 0, 3)] * Timeline.MICRO,
        tuning(random));
  }

  private static NodeTuning tuning(RandomGenerator random) {
    int[] segments = {32 << 10, 64 << 10, 128 << 10};
    int[] appends = {600, 4 << 10, 256 << 10};
    long[] snapshots = {30_000, 100_000, 64L << 20};
    int[] committed = {3, 64, 1_024};
    boolean fewSessions = Xoshiro256.between(random, 0, 2) == 0;
    KvLimits limits = KvLimits.DEFAULTS.withSessionWindow(8);
    return new NodeTuning(
        segments[(int) Xoshiro256.between(random, 0, 2)],
        appends[(int) Xoshiro256.between(random, 0, 2)],
        committed[(int) Xoshiro256.between(random, 0, 2)],
        Xoshiro256.between(random, 0, 7) == 0,
        Xoshiro256.between(random, 0, 1) * (16L << 10),
        snapshots[(int) Xoshiro256.between(random, 0, 2)],
        Xoshiro256.between(random, 1, 4) * 32,
        fewSessions ? limits.withMaxSessions(6).withMaxStoredAnswerBytes(1_000) : limits);
  }

  ClientHabits habits(RandomGenerator random) {
    ClientHabits.Style[] styles = {
      ClientHabits.Style.WINDOWED,
      ClientHabits.Style.WINDOWED,
      ClientHabits.Style.SIMPLE,
      ClientHabits.Style.NAMELESS
    };
    ClientHabits.Style style = styles[(int) Xoshiro256.between(random, 0, 3)];
    return new ClientHabits(
        style,
        style == ClientHabits.Style.WINDOWED ? 4 : 1,
        Xoshiro256.between(random, 120, 320) * Timeline.MILLI,
        Xoshiro256.between(random, 500, 4_000) * Timeline.MILLI,
        (int) Xoshiro256.between(random, 2, 8),
        5 * Timeline.SECOND,
        Xoshiro256.between(random, 0, 9) == 0 ? 3_000 : (int) Xoshiro256.between(random, 0, 200),
        50,
        30);
  }
}
