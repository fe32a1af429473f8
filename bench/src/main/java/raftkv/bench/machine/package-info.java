/**
 * What processes and the machine spent meanwhile, from {@code /proc}: processor time, memory, bytes
 * written, and who else was busy. Knows nothing of load and targets.
 */
@NullMarked
package raftkv.bench.machine;

import org.jspecify.annotations.NullMarked;
