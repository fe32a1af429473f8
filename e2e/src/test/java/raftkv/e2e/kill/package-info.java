/**
 * Clients that write and read without pause while nodes are killed, paused and restarted, and the
 * proof that nothing was lost, doubled or read too old.
 *
 * <p>{@link raftkv.e2e.kill.Load} is what the clients do; {@link raftkv.e2e.kill.Faults} what
 * happens to the nodes; {@link raftkv.e2e.kill.Audit} the judgement. {@link
 * raftkv.e2e.kill.KillRunIT} puts them together, and {@link raftkv.e2e.kill.WipeRunIT} does so with
 * disks that are lost: short runs in {@code mvn verify}, long ones by {@code demo/kill-run.sh} and
 * {@code demo/wipe-run.sh}.
 */
@NullMarked
package raftkv.e2e.kill;

import org.jspecify.annotations.NullMarked;
