package raftkv.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import raftkv.proto.kv.v1.TransferLeadershipResponse;

/** Moves leadership. */
@Command(name = "transfer", description = "Hand leadership to a node, or to the best placed one.")
final class TransferCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Root root;

  @Parameters(arity = "0..1", paramLabel = "NODE", description = "Node id. Default: the best one.")
  private int target;

  @Override
  public Integer call() {
    Root shared = Objects.requireNonNull(root);
    TransferLeadershipResponse answer =
        Waiting.on(shared.client().cluster().transferLeadership(target));
    new Answer(shared)
        .say(
            "node " + answer.getLeaderId() + " leads now",
            new Json().with("leader_id", answer.getLeaderId()));
    return ExitCode.DONE;
  }
}
