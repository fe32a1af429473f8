/**
 * What can be measured, behind one interface.
 *
 * <p>A {@link raftkv.bench.target.Target} is a running system under load; a {@link
 * raftkv.bench.target.TargetFactory} connects to systems by name and is found by {@link
 * java.util.ServiceLoader}, so that the targets of other systems, with the libraries of those, are
 * not on the class path of this one. Nothing here knows how load is made or what is counted.
 */
@NullMarked
package raftkv.bench.target;

import org.jspecify.annotations.NullMarked;
