package raftkv.port;

/** What a node says to a snapshot that a peer offers it. */
public sealed interface SnapshotAnswer {
  /** It is wanted: the pieces go there. */
  record Take(SnapshotSink sink) implements SnapshotAnswer {}

  /** All that it covers is here already: as good as delivered (safety rule 1.3). */
  record Have() implements SnapshotAnswer {}

  /** Not now; for a person. */
  record Declined(String why) implements SnapshotAnswer {}
}
