/** Tests of {@code raftkv.bench.report}. */
@NullMarked
package raftkv.bench.report;

import org.jspecify.annotations.NullMarked;
