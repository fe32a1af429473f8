package raftkv.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import raftkv.port.ForwardReply;
import raftkv.port.Transport;
import raftkv.raft.Bytes;
import raftkv.raft.ClusterId;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;

@Timeout(60)
class ForwardTest {
  private static final ClusterId RED = TwoNodes.RED;

  private final TwoNodes nodes = new TwoNodes();
  private final TestLink one = nodes.one;

  @AfterEach
  void closeAll() throws Exception {
    nodes.closeAll();
  }

  @Test
  void forwardedWriteIsAnsweredOnTheLoop() throws Exception {
    TestLink two = nodes.linked(RED);
    ForwardReply applied =
        new ForwardReply.Applied(new LogPosition(9, 3), Bytes.wrap(new byte[] {1, 2, 3}));
    two.onForward = answer -> answer.accept(applied);

    ForwardReply reply = forward(bytes(5), 5_000_000_000L).get(20, TimeUnit.SECONDS);

    assertThat(reply).isEqualTo(applied);
    Transport.ForwardRequest taken = two.forwarded;
    assertThat(taken).isNotNull();
    assertThat(taken.command()).isEqualTo(bytes(5));
    assertThat(taken.identified()).isTrue();
    assertThat(taken.remainingNanos()).isEqualTo(5_000_000_000L);
  }

  @Test
  void everyKindOfForwardReplyTravels() throws Exception {
    TestLink two = nodes.linked(RED);

    for (ForwardReply.Reason reason : ForwardReply.Reason.values()) {
      ForwardReply refused = new ForwardReply.NotApplied(reason, new NodeId(2), "why");
      two.onForward = answer -> answer.accept(refused);
      assertThat(forward(bytes(1), 5_000_000_000L).get(20, TimeUnit.SECONDS)).isEqualTo(refused);
    }
    two.onForward = answer -> answer.accept(new ForwardReply.Unknown("who knows"));
    assertThat(forward(bytes(1), 5_000_000_000L).get(20, TimeUnit.SECONDS))
        .isEqualTo(new ForwardReply.Unknown("who knows"));
  }

  /** Answered in the reverse order, each with what its own command says. */
  @Test
  void writesOfOneTurnGetTheirOwnAnswers() throws Exception {
    TestLink two = nodes.linked(RED);
    List<Runnable> answers = Collections.synchronizedList(new ArrayList<>());
    int writes = 100;
    two.onForward =
        answer -> {
          ForwardReply reply = new ForwardReply.Unknown(lengthOf(two.forwarded));
          answers.add(0, () -> answer.accept(reply));
          if (answers.size() == writes) {
            answers.forEach(Runnable::run);
          }
        };

    List<CompletableFuture<ForwardReply>> replies = ofOneTurn(writes, 1);

    for (int i = 0; i < writes; i++) {
      assertThat(replies.get(i).get(20, TimeUnit.SECONDS))
          .isEqualTo(new ForwardReply.Unknown("length " + (i + 1)));
    }
  }

  /** Together they are larger than any message may be. */
  @Test
  void largeWritesOfOneTurnAreSentInSeveralMessages() throws Exception {
    TestLink two = nodes.linked(RED);
    ForwardReply taken = new ForwardReply.Applied(new LogPosition(9, 3), bytes(1 << 20));
    two.onForward = answer -> answer.accept(taken);

    for (CompletableFuture<ForwardReply> reply : ofOneTurn(8, 1 << 20)) {
      assertThat(reply.get(20, TimeUnit.SECONDS)).isEqualTo(taken);
    }
  }

  @Test
  void writeBehindAnOverdueOneIsAnswered() throws Exception {
    TestLink two = nodes.linked(RED);
    two.onForward = answer -> {};
    ForwardReply overdue = forward(bytes(1), 50_000_000L).get(20, TimeUnit.SECONDS);
    two.onForward = answer -> answer.accept(new ForwardReply.Unknown("second"));

    ForwardReply second = forward(bytes(2), 20_000_000_000L).get(20, TimeUnit.SECONDS);

    assertThat(overdue).isEqualTo(new ForwardReply.Unknown("no answer in time"));
    assertThat(second).isEqualTo(new ForwardReply.Unknown("second"));
  }

  @Test
  void writeWithLessTimeThanTheOneBeforeIsUnknownAtItsOwnDeadline() throws Exception {
    TestLink two = nodes.linked(RED);
    two.onForward = answer -> {};

    CompletableFuture<ForwardReply> before = forward(bytes(1), 30_000_000_000L);
    ForwardReply hurried = forward(bytes(2), 50_000_000L).get(20, TimeUnit.SECONDS);

    assertThat(hurried).isEqualTo(new ForwardReply.Unknown("no answer in time"));
    assertThat(before).isNotDone();
  }

  /** Of growing size, each a byte longer than the one before. */
  private List<CompletableFuture<ForwardReply>> ofOneTurn(int writes, int firstBytes)
      throws Exception {
    return one.onLoop(
        () -> {
          List<CompletableFuture<ForwardReply>> replies = new ArrayList<>();
          for (int i = 0; i < writes; i++) {
            CompletableFuture<ForwardReply> reply = new CompletableFuture<>();
            one.transport.forward(
                new NodeId(2),
                new Transport.ForwardRequest(bytes(firstBytes + i), true, 20_000_000_000L),
                reply::complete);
            replies.add(reply);
          }
          return replies;
        });
  }

  private static String lengthOf(Transport.@Nullable ForwardRequest request) {
    return "length " + Objects.requireNonNull(request).command().length();
  }

  @Test
  void forwardWithoutLinkIsCertainlyNotApplied() throws Exception {
    ForwardReply reply = forward(bytes(1), 5_000_000_000L).get(20, TimeUnit.SECONDS);

    assertThat(reply).isInstanceOf(ForwardReply.NotApplied.class);
    assertThat(((ForwardReply.NotApplied) reply).reason()).isEqualTo(ForwardReply.Reason.NOT_READY);
  }

  @Test
  void forwardThatIsNeverAnsweredIsUnknownAtItsDeadline() throws Exception {
    TestLink two = nodes.linked(RED);
    two.onForward = answer -> {};

    ForwardReply reply = forward(bytes(1), 50_000_000L).get(20, TimeUnit.SECONDS);

    assertThat(reply).isInstanceOf(ForwardReply.Unknown.class);
  }

  @Test
  void forwardToALeaderThatDiesIsUnknown() throws Exception {
    TestLink two = nodes.linked(RED);
    CompletableFuture<Void> arrived = new CompletableFuture<>();
    two.onForward = answer -> arrived.complete(null);

    CompletableFuture<ForwardReply> reply = forward(bytes(1), 30_000_000_000L);
    arrived.get(20, TimeUnit.SECONDS);
    two.close();

    assertThat(reply.get(20, TimeUnit.SECONDS)).isInstanceOf(ForwardReply.Unknown.class);
  }

  @Test
  void forwardsBeyondTheLimitAreOverloadedAndCertain() throws Exception {
    TestLink two = nodes.linked(RED);
    two.onForward = answer -> {};
    int limit = Transport.MAX_FORWARDS;

    List<CompletableFuture<ForwardReply>> replies = new ArrayList<>();
    for (int i = 0; i <= limit; i++) {
      replies.add(forward(bytes(1), 20_000_000_000L));
    }

    ForwardReply last = replies.get(limit).get(10, TimeUnit.SECONDS);
    assertThat(((ForwardReply.NotApplied) last).reason()).isEqualTo(ForwardReply.Reason.OVERLOADED);
    assertThat(replies.get(0)).isNotDone();
  }

  private CompletableFuture<ForwardReply> forward(Bytes command, long remainingNanos) {
    CompletableFuture<ForwardReply> reply = new CompletableFuture<>();
    one.loop.execute(
        () ->
            one.transport.forward(
                new NodeId(2),
                new Transport.ForwardRequest(command, true, remainingNanos),
                reply::complete));
    return reply;
  }

  private static Bytes bytes(int count) {
    return Bytes.wrap(new byte[count]);
  }
}
