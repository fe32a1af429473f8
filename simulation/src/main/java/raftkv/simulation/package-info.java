/**
 * A whole cluster in one thread. {@link raftkv.simulation.SimWorld} is one run of one seed: nodes,
 * clients, faults and checkers over virtual time; {@link raftkv.simulation.Main} runs seeds.
 *
 * <pre>
 *   seed --&gt; SeedPlan     how bad it gets: rates, sizes, number of nodes
 *        --&gt; FaultPlay    what goes wrong, and when
 *        --&gt; SimWorld     forms, suffers, heals, serves; judged after every event
 * </pre>
 *
 * <p>A composition root like the server's: it may know everything but {@code transport}, {@code
 * service} and {@code runtime}. There is no clock, no thread and no random source here but what the
 * seed gives; only {@code Main} knows the real time, to say how fast it is.
 */
@NullMarked
package raftkv.simulation;

import org.jspecify.annotations.NullMarked;
