package raftkv.simulation.node;

import java.util.List;
import java.util.function.Consumer;
import raftkv.raft.NodeId;
import raftkv.simulation.disk.SimDisk;
import raftkv.simulation.net.SimNetwork;
import raftkv.simulation.time.Timeline;

/**
 * What a process finds where it runs.
 *
 * @param warnings takes what it would write to its log at WARN
 */
public record Machine(
    NodeId id,
    List<NodeId> members,
    Timeline timeline,
    SimDisk disk,
    SimNetwork network,
    NodeTuning tuning,
    Watch watch,
    Consumer<String> warnings) {}
