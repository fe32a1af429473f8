package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import raftkv.node.PendingProposals.Decided;
import raftkv.node.WriteRequest.Routing;
import raftkv.raft.Bytes;
import raftkv.raft.LogPosition;

/** Safety rule 3.1. */
class PendingProposalsTest {
  private final PendingProposals pending = new PendingProposals();

  private static WriteCall call() {
    return new WriteCall(new WriteRequest(Bytes.EMPTY, true, Routing.ANY, 1), outcome -> {});
  }

  @Test
  void entryOfItsOwnTermDecidesItAsApplied() {
    WriteCall call = call();
    pending.add(new LogPosition(5, 2), call);

    assertThat(pending.takeDecided(new LogPosition(4, 2))).isEmpty();
    assertThat(pending.takeDecided(new LogPosition(5, 2))).containsExactly(new Decided(call, true));
    assertThat(pending.calls()).isEmpty();
  }

  @Test
  void entryOfAnotherTermAtItsIndexDecidesItAsNotApplied() {
    WriteCall call = call();
    pending.add(new LogPosition(5, 2), call);

    assertThat(pending.takeDecided(new LogPosition(5, 3)))
        .containsExactly(new Decided(call, false));
  }

  /** Hazard 30: completed by index without term. */
  @Test
  void sameIndexProposedInTwoTermsIsDecidedApart() {
    WriteCall old = call();
    WriteCall young = call();
    pending.add(new LogPosition(5, 2), old);
    pending.add(new LogPosition(6, 2), call());
    pending.add(new LogPosition(5, 4), young);

    assertThat(pending.takeDecided(new LogPosition(5, 4)))
        .containsExactly(new Decided(old, false), new Decided(young, true));
    assertThat(pending.calls()).hasSize(1);
  }

  @Test
  void whatSnapshotJumpsOverIsTakenAndTheRestStays() {
    WriteCall behind = call();
    pending.add(new LogPosition(5, 2), call());
    pending.add(new LogPosition(6, 2), call());
    pending.add(new LogPosition(7, 2), behind);

    assertThat(pending.takeThrough(6)).hasSize(2);
    assertThat(pending.calls()).containsExactly(behind);
  }
}
