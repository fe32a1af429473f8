package raftkv.node;

import java.util.function.Consumer;
import raftkv.port.FenceStore;
import raftkv.port.LogStore;
import raftkv.port.StateMachine;
import raftkv.port.Transport;

/**
 * What a node is plugged into.
 *
 * @param failures told once, on any thread, when the node cannot go on: the process has to end
 */
public record NodePorts(
    LogStore log,
    Transport transport,
    StateMachine machine,
    FenceStore fences,
    Consumer<NodeFailure> failures) {}
