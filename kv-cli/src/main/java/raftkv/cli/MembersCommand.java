package raftkv.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import raftkv.client.ClusterCalls;
import raftkv.proto.kv.v1.Member;
import raftkv.proto.kv.v1.MembersResponse;

/** The members as the leader sees them. */
@Command(
    name = "members",
    description = "Show the members as the leader sees them.",
    footer = {"", "Default of --timeout: 2s; a silent node costs half of it."})
final class MembersCommand implements Callable<Integer> {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

  @ParentCommand private @Nullable Root root;

  @Override
  public Integer call() {
    Root shared = Objects.requireNonNull(root);
    ClusterCalls cluster = shared.client().cluster();
    Duration whole = shared.timeoutOr(DEFAULT_TIMEOUT);
    TimeLeft time = new TimeLeft(whole);
    Duration patience = whole.dividedBy(2);
    ClusterView view = ClusterView.ask(cluster, time.atMost(patience));
    MembersResponse said = view.members(cluster, time.atMost(patience));
    if (said == null) {
      shared.terminal().err().println("kv-cli: members: no node answers");
      shared
          .terminal()
          .err()
          .println("  What now: start the nodes, or name others by --endpoints or --port");
      return ExitCode.UNAVAILABLE;
    }
    Answer answer = new Answer(shared);
    if (!said.getFromLeader() && !answer.isJson()) {
      answer.note("no leader answers: this is what node " + said.getHeader().getNodeId() + " sees");
    }
    answer.say(table(said).toString(), json(said));
    return ExitCode.DONE;
  }

  private static Table table(MembersResponse said) {
    Table table = new Table("NODE", "ENDPOINT", "LEADS", "LINK", "COUNTS", "MATCH", "LAG");
    boolean leads = said.getFromLeader();
    for (Member member : said.getMembersList()) {
      table.row(
          Integer.toString(member.getNodeId()),
          member.getEndpoint(),
          member.getIsLeader() ? "yes" : "no",
          member.getReachable() ? "up" : "down",
          leads ? (member.getCounts() ? "yes" : "no") : "-",
          leads ? Long.toString(member.getMatchIndex()) : "-",
          leads ? Long.toString(member.getLag()) : "-");
    }
    return table;
  }

  private static Json json(MembersResponse said) {
    List<Json> members = new ArrayList<>();
    for (Member member : said.getMembersList()) {
      members.add(
          new Json()
              .with("node_id", member.getNodeId())
              .with("endpoint", member.getEndpoint())
              .with("is_leader", member.getIsLeader())
              .with("reachable", member.getReachable())
              .with("counts", member.getCounts())
              .with("match_index", member.getMatchIndex())
              .with("lag", member.getLag()));
    }
    return new Json().with("from_leader", said.getFromLeader()).with("members", members);
  }
}
