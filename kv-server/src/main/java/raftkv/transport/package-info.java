/**
 * Links between the members over gRPC.
 *
 * <pre>
 *   node A                                             node B
 *   GrpcTransport                                      GrpcTransport
 *     PeerLink(B)  == Exchange: A's messages ========>   InboundLinks
 *                  &lt;- Hello, Pong, ClusterIdKnown --
 *     ForwardClient == Forward: clients' writes =====>   ForwardServer
 *     SnapshotClient == InstallSnapshot, on its own ==>  SnapshotServer
 *     FetchLogClient -- FetchLog: lost text, a page -->  FetchLogServer
 *     InboundLinks &lt;=== Exchange: B's messages ======  PeerLink(A)
 * </pre>
 *
 * <p>Each node dials each peer once and sends all its messages, answers too, on that one stream.
 * Links are owned by the event loop; gRPC's thread only parses, checks and enqueues. Invariants: a
 * message is delivered only by the newest stream of its sender, after a Hello that fits (safety
 * rules 1.4, 5.5); what is queued to a link is bounded, and the newest is dropped; whatever comes
 * from outside is checked here, before the node sees it.
 *
 * <p>Must not know: the node, storage, keys and values.
 */
@NullMarked
package raftkv.transport;

import org.jspecify.annotations.NullMarked;
