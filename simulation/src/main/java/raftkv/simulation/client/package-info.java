/**
 * Clients: the production rules of {@code raftkv.client.session} over simulated calls. They put,
 * compare and set, read, list, count, seal; send the same request to several nodes at once, and old
 * requests again long after they were answered; and give up.
 *
 * <p>{@link raftkv.simulation.client.Doors} carries calls to nodes and words their outcomes as the
 * services do; {@link raftkv.simulation.client.SimClient} is one client; {@link
 * raftkv.simulation.client.Ledger} keeps what clients were told, and judges it.
 */
@NullMarked
package raftkv.simulation.client;

import org.jspecify.annotations.NullMarked;
