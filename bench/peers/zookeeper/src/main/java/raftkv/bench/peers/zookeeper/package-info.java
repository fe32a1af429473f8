/**
 * ZooKeeper under the load generator. On a class path of its own, with the libraries that ZooKeeper
 * wants.
 */
@NullMarked
package raftkv.bench.peers.zookeeper;

import org.jspecify.annotations.NullMarked;
