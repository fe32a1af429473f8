package raftkv.bench.failover;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How the nodes of a contender are started, each in its own namespace.
 *
 * @param name of the contender, as it stands in the results
 * @param nodes how many, numbered from 1
 * @param binary the program, in the foreground
 * @param options for each node, beside those that make them a cluster
 */
record Launch(String name, int nodes, String binary, List<String> options) {
  Launch {
    options = List.copyOf(options);
  }

  /** The command of one node: the program with what makes it this node, and the options. */
  List<String> command(int id, List<String> own) {
    List<String> command = new ArrayList<>(Layout.onMachineOf(id));
    command.add(binary);
    command.addAll(own);
    command.addAll(options);
    return command;
  }

  /** All members with commas, as a node wants to be told. */
  String members(IntFunction<String> member) {
    return IntStream.rangeClosed(1, nodes).mapToObj(member).collect(Collectors.joining(","));
  }
}
