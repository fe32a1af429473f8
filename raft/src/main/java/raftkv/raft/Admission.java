package raftkv.raft;

/**
 * The body of an ADMIT entry: from here on, this incarnation of the node is the one that is named
 * (safety rule 5.4).
 *
 * <pre>
 *   offset  size  field
 *        0     1  format, 1
 *        1     1  node id
 *        2    16  incarnation
 * </pre>
 */
public record Admission(NodeId node, Incarnation incarnation) {
  private static final byte FORMAT = 1;

  /** The body's bytes. */
  public Bytes encode() {
    return new BytesWriter(18)
        .oneByte(FORMAT)
        .oneByte(node.value())
        .eightBytes(incarnation.high())
        .eightBytes(incarnation.low())
        .bytes();
  }

  /**
   * Reads a body.
   *
   * @throws MalformedBody if it is of another format, too short or too long
   */
  public static Admission decode(Bytes body) {
    BytesReader reader = new BytesReader(body, FORMAT);
    Admission admission =
        new Admission(reader.nodeId(), new Incarnation(reader.eightBytes(), reader.eightBytes()));
    reader.end();
    return admission;
  }
}
