/**
 * What processes and the machine spent meanwhile, from {@code /proc}: processor time, memory, bytes
 * written, and who else was busy; how fast its processors were; and the directories in which
 * processes keep their data. Knows nothing of load and targets.
 */
@NullMarked
package raftkv.bench.machine;

import org.jspecify.annotations.NullMarked;
