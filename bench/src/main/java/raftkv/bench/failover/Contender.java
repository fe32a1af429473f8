package raftkv.bench.failover;

import java.nio.file.Path;
import java.util.List;

/** A kind of cluster that goes through the trials. */
interface Contender extends AutoCloseable {
  /** As it stands in the results. */
  String name();

  /** How many nodes it has, numbered from 1. */
  int nodes();

  /** What starts a node in the foreground, in its own namespace. */
  List<String> command(int id, Path data);

  /** Options of the environment for its nodes. */
  default List<String> environment() {
    return List.of();
  }

  /** The number of the leader, if all nodes are well and agree on it; else 0. */
  int healthyLeader();

  /** A client that is connected to all nodes. */
  Writer newWriter(ClientTrace trace);

  /** What its nodes say in their logs. */
  LogWords words();

  @Override
  void close();
}
