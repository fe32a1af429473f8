/**
 * Load: which operations, how many at a time or how many a second, what came of them, and whether
 * the answers to a sample of them are right.
 *
 * <p>{@link raftkv.bench.load.Operations} says what the n-th operation is, {@link
 * raftkv.bench.load.ClosedLoop} and {@link raftkv.bench.load.OpenLoop} when it begins, {@link
 * raftkv.bench.load.Recorder} counts, and {@link raftkv.bench.load.Sample} is judged at the end.
 * Nothing here knows which system is measured.
 */
@NullMarked
package raftkv.bench.load;

import org.jspecify.annotations.NullMarked;
