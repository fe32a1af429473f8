/** Tests of {@code raftkv.bench.load}. */
@NullMarked
package raftkv.bench.load;

import org.jspecify.annotations.NullMarked;
