/** Tests of {@code raftkv.bench.machine}. */
@NullMarked
package raftkv.bench.machine;

import org.jspecify.annotations.NullMarked;
