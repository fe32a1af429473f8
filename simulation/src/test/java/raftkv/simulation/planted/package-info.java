/** That the planted bugs still fit the sources. */
@NullMarked
package raftkv.simulation.planted;

import org.jspecify.annotations.NullMarked;
