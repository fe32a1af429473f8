package raftkv.service;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import raftkv.node.NodeHeader;
import raftkv.proto.kv.v1.ResponseHeader;

/**
 * Makes the headers of responses. All of one term look alike but for the applied index, so names
 * are put into words once a change and not once a response. Owned by the loop.
 */
final class Headers {
  private final Endpoints endpoints;
  private @Nullable NodeHeader lastNode;

  /** Kept, since making one of a header would make strings of its names, to be encoded again. */
  private ResponseHeader.Builder builder = ResponseHeader.newBuilder();

  private ResponseHeader last = builder.build();

  Headers(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  /** The header of an answer that this node gives now. */
  ResponseHeader of(NodeHeader node) {
    NodeHeader before = lastNode;
    if (before == null || !sameButForTheIndex(before, node)) {
      builder = endpoints.header(node);
      last = builder.build();
    } else if (before.appliedIndex() != node.appliedIndex()) {
      last = builder.setAppliedIndex(node.appliedIndex()).build();
    }
    lastNode = node;
    return last;
  }

  private static boolean sameButForTheIndex(NodeHeader one, NodeHeader other) {
    return one.term() == other.term()
        && Objects.equals(one.leader(), other.leader())
        && Objects.equals(one.clusterId(), other.clusterId())
        && one.node().equals(other.node());
  }
}
