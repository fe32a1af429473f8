/**
 * What happened in a run, as numbers: hashed always, so that two runs can be compared, and put into
 * words only when somebody wants to read them.
 */
@NullMarked
package raftkv.simulation.trace;

import org.jspecify.annotations.NullMarked;
