package raftkv.raft;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The words for each kind of notice, without times: those are random. */
final class NoticeNotation {
  private static final Map<Class<?>, Function<Notice, String>> WORDS = new LinkedHashMap<>();

  private NoticeNotation() {}

  private static <N extends Notice> void words(Class<N> kind, Function<N, String> text) {
    WORDS.put(kind, notice -> text.apply(kind.cast(notice)));
  }

  static {
    words(
        Notice.ElectionTimeout.class,
        n -> "election timeout, leader was " + Notation.orNone(n.leader()));
    words(Notice.LeaderLinkLost.class, n -> "link to leader " + n.leader() + " lost");
    words(
        Notice.BecamePreCandidate.class,
        n -> "became pre-candidate for term " + n.prospectiveTerm());
    words(
        Notice.BecameCandidate.class,
        n -> "became candidate for term " + n.term() + (n.transfer() ? ", asked to" : ""));
    words(
        Notice.BecameLeader.class,
        n -> "became leader of term " + n.term() + " with votes of " + Notation.list(n.votes()));
    words(Notice.FollowsLeader.class, n -> "follows " + n.leader() + " in term " + n.term());
    words(
        Notice.SteppedDown.class,
        n -> "stepped down: saw term " + n.term() + " from " + n.seenFrom());
    words(Notice.QuorumLost.class, n -> "stepped down: no majority answers in term " + n.term());
    words(Notice.VoteGranted.class, n -> "votes for " + n.candidate() + " in term " + n.term());
    words(
        Notice.LogTruncated.class,
        n -> "cuts its log at " + n.fromIndex() + " (ended at " + n.lastIndexBefore() + ")");
    words(Notice.WaitingForMembers.class, n -> "waits for members " + Notation.list(n.missing()));
    words(Notice.DoesNotCount.class, n -> "does not count");
    words(Notice.Counts.class, n -> "counts");
    words(Notice.Superseded.class, n -> "finds itself superseded, and draws a new incarnation");
    words(Notice.Admitting.class, n -> "proposes to admit " + n.node());
    words(
        Notice.MajorityLost.class,
        n -> "sees no way to a majority: " + Notation.list(n.lost()) + " do not count");
    words(Notice.ClusterFormed.class, n -> "knows the cluster formed");
    words(Notice.TransferStarted.class, n -> "hands over to " + n.target());
    words(Notice.TransferSent.class, n -> "asked " + n.target() + " to campaign");
    words(Notice.TransferFailed.class, n -> "goes on: " + n.target() + " did not take over");
  }

  static Iterable<Class<?>> kinds() {
    return WORDS.keySet();
  }

  static String text(Notice notice) {
    Function<Notice, String> words = WORDS.get(notice.getClass());
    Check.that(words != null, "every kind of notice has its words");
    return words == null ? "" : words.apply(notice);
  }
}
