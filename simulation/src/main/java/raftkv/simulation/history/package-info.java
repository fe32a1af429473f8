/**
 * Histories of what clients asked and were told, and whether one copy of the data could have given
 * those answers.
 *
 * <p>A {@link raftkv.simulation.history.History} collects operations of many clients; {@link
 * raftkv.simulation.history.LinearizabilityChecker} judges those of one key, since keys are
 * independent. A write without a definite answer may take effect at any later time, or never.
 * Nothing here knows how the answers were got: time is a number, and the same checker serves real
 * processes and a simulation.
 */
@NullMarked
package raftkv.simulation.history;

import org.jspecify.annotations.NullMarked;
