package raftkv.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import raftkv.client.AnsweredBy;
import raftkv.client.WriteOptions;
import raftkv.client.session.RequestId;

/** The options of everything that writes. */
final class WriteFlags {
  @Option(names = "--leader-only", description = "Do not forward: only the leader may take it.")
  private boolean leaderOnly;

  @Option(
      names = "--client-id",
      paramLabel = "ID",
      description = "Identity of the request, with --seq: repeated, it takes effect once.")
  private @Nullable String clientId;

  @Option(names = "--seq", paramLabel = "N", description = "Number of the request, from 1, rising.")
  private @Nullable Long seqNum;

  @Option(
      names = "--session-start",
      paramLabel = "INDEX",
      description = "Applied index that was seen when the client id was chosen.")
  private @Nullable Long sessionStart;

  WriteOptions options() {
    WriteOptions options = WriteOptions.DEFAULT;
    if (leaderOnly) {
      options = options.withRouting(WriteOptions.Routing.LEADER_ONLY);
    }
    String id = clientId;
    Long number = seqNum;
    if (id == null && number == null) {
      if (sessionStart != null) {
        throw new UsageMistake("--session-start goes with --client-id and --seq");
      }
      return options;
    }
    if (id == null || number == null) {
      throw new UsageMistake("--client-id and --seq go together");
    }
    return options.withId(new RequestId(id, number), sessionStart);
  }

  /** The client id alone, for a load: its numbers are those of the file's entries. */
  @Nullable String loadClientId() {
    if (seqNum != null || leaderOnly) {
      throw new UsageMistake("a file goes neither with --seq nor with --leader-only");
    }
    return clientId;
  }

  @Nullable Long sessionStart() {
    return sessionStart;
  }

  boolean hasId() {
    return clientId != null;
  }

  /**
   * Which start a new client id would go with. Never the one for the id in use: an index seen after
   * a session began would let it begin a second time (safety rule 4.4).
   */
  void noteSessionStart(Answer answer, AnsweredBy by) {
    if (hasId() && sessionStart == null) {
      answer.note(
          "a new client id, chosen from now on, goes with --session-start " + by.appliedIndex());
    }
  }
}
