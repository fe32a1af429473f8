package raftkv.service;

import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import raftkv.node.NodeHeader;
import raftkv.proto.kv.v1.ResponseHeader;
import raftkv.raft.NodeId;

/**
 * How the members are called towards clients.
 *
 * @param addresses host and port of every member, this node included
 */
public record Endpoints(SortedMap<NodeId, String> addresses) {
  /** Copies the map. */
  public Endpoints {
    addresses = Collections.unmodifiableSortedMap(new TreeMap<>(addresses));
  }

  /** The address of that member, empty if there is none. */
  String of(@Nullable NodeId node) {
    return node == null ? "" : addresses.getOrDefault(node, "");
  }

  /** What every response begins with; names as bytes, which are not encoded anew for each. */
  ResponseHeader.Builder header(NodeHeader header) {
    ResponseHeader.Builder builder =
        ResponseHeader.newBuilder()
            .setNodeId(header.node().value())
            .setTerm(header.term())
            .setAppliedIndex(header.appliedIndex());
    if (header.clusterId() != null) {
      builder.setClusterIdBytes(ByteString.copyFromUtf8(header.clusterId().toString()));
    }
    if (header.leader() != null) {
      builder
          .setLeaderId(header.leader().value())
          .setLeaderEndpointBytes(ByteString.copyFromUtf8(of(header.leader())));
    }
    return builder;
  }
}
