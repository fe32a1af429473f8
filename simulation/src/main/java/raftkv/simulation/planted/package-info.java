/**
 * Bugs put into production code on purpose, one at a time, to see that the simulator finds them. A
 * bug is a text file that says what to replace; nothing in production code knows of it.
 */
@NullMarked
package raftkv.simulation.planted;

import org.jspecify.annotations.NullMarked;
