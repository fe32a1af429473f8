/**
 * Virtual time: one queue of events, and the threads of simulated processes on it.
 *
 * <p>Everything runs on the one real thread, one task after the other. A task belongs to a {@link
 * raftkv.simulation.time.SimThread} and runs in one go, but takes virtual time: each call that
 * costs some moves the clock of the running task ahead, and what the task gives to others happens
 * at that clock, not at the moment at which the task began.
 *
 * <pre>
 *   event at 100   task of a disk worker begins
 *     write          100 .. 103
 *     force          103 .. 950
 *     "persisted"    becomes an event at 950
 *   event at 240   a message arrives at the loop, which knows nothing of the write yet
 *   event at 600   power cut: the write is in doubt, the event at 950 finds nobody
 * </pre>
 *
 * <p>A {@link raftkv.simulation.time.Life} is one run of a process: what it was going to do after
 * its end does not happen.
 */
@NullMarked
package raftkv.simulation.time;

import org.jspecify.annotations.NullMarked;
