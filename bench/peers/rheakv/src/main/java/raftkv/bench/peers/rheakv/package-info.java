/**
 * RheaKV, the key-value store of SOFAJRaft, under the load generator: a server as its users write
 * one, and its own client, with and without the batching that this client does by default. On a
 * class path of its own, with the libraries that it wants.
 */
@NullMarked
package raftkv.bench.peers.rheakv;

import org.jspecify.annotations.NullMarked;
