package raftkv.bench.failover;

import java.nio.file.Path;
import java.util.List;

/** A kind of cluster that goes through the trials. */
interface Contender extends AutoCloseable {
  /** How its nodes are started. */
  Launch launch();

  /** What starts one of them, with its data in that directory. */
  List<String> command(int id, Path data);

  default String name() {
    return launch().name();
  }

  default int nodes() {
    return launch().nodes();
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
