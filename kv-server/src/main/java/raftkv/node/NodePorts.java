package raftkv.node;

import java.util.function.Consumer;
import raftkv.port.FenceStore;
import raftkv.port.LogStore;
import raftkv.port.SnapshotStore;
import raftkv.port.StateMachine;
import raftkv.port.Transport;

/**
 * What a node is plugged into.
 *
 * @param machine as it is after the snapshot that the node starts from, blank without one
 * @param failures told once, on any thread, when the node cannot go on: the process has to end
 */
public record NodePorts(
    LogStore log,
    Transport transport,
    StateMachine machine,
    FenceStore fences,
    SnapshotStore snapshots,
    Consumer<NodeFailure> failures) {}
