/**
 * Disks that take time, fail, lie, and forget at a power cut what was not forced.
 *
 * <p>A {@link raftkv.simulation.disk.SimDisk} keeps every call with its begin and end on the clock
 * of the worker that made it. At a power cut, what ended before counts, what was under way counts
 * in part, and what would have begun later never happened. Of what was written and not forced, each
 * 512-byte sector is there or not, as chance has it; names that were made, changed and deleted
 * without a force of the directory are there up to some moment.
 *
 * <p>{@link raftkv.simulation.disk.DiskTemper} says how long calls take and which of them fail.
 */
@NullMarked
package raftkv.simulation.disk;

import org.jspecify.annotations.NullMarked;
