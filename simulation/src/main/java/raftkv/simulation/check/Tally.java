package raftkv.simulation.check;

import java.util.Locale;

/** How often each interesting thing happened: coverage is measured, not assumed. */
public final class Tally {
  /** What is counted. */
  public enum Kind {
    LEADER_CHANGE,
    TRUNCATION,
    PRE_VOTE_REFUSED,
    VOTE_REFUSED,
    TRANSFER_SENT,
    DUPLICATE_ANSWERED,
    REFUSED_BY_SESSION,
    SEALED,
    READ_ON_FOLLOWER,
    STALE_READ,
    OUTCOME_UNKNOWN,
    ZOMBIE_COPY,
    SNAPSHOT_TAKEN,
    SNAPSHOT_RECEIVED,
    SNAPSHOT_INSTALLED,
    TORN_TAIL,
    KILL,
    POWER_CUT,
    GRACEFUL_STOP,
    PAUSE,
    PAUSE_IN_TURN,
    PARTITION,
    ONE_WAY_CUT,
    LINK_BROKEN,
    SLOW_DISK,
    HUNG_DISK,
    DISK_ERROR,
    FULL_DISK,
    WIPED_VOLUME,
    DAMAGE,
    LOST_WRITE,
    MISDIRECTED_WRITE,
    LOG_HEALED,
    BEGUN_ANEW,
    ADMITTED,
    BLACKOUT;

    /** Whether it is something that the simulator does, not something that follows from it. */
    public boolean isFault() {
      return ordinal() >= KILL.ordinal()
          && this != LOG_HEALED
          && this != BEGUN_ANEW
          && this != ADMITTED;
    }
  }

  private final long[] counts = new long[Kind.values().length];

  /** One more. */
  public void count(Kind kind) {
    counts[kind.ordinal()]++;
  }

  /** So many more. */
  public void count(Kind kind, long times) {
    counts[kind.ordinal()] += times;
  }

  /** How many. */
  public long of(Kind kind) {
    return counts[kind.ordinal()];
  }

  /** Adds all of another tally. */
  public void add(Tally other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Kind kind : Kind.values()) {
      text.append(String.format(Locale.ROOT, "  %-20s %,12d%n", kind, of(kind)));
    }
    return text.toString();
  }
}
