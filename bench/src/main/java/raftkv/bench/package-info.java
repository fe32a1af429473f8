/**
 * The load generator: one level of load on one system, and what it took.
 *
 * <p>{@link raftkv.bench.Main} is one level in a fresh virtual machine, behind {@code
 * bench/run.sh}; what is measured stands in {@code raftkv.bench.target}, how in {@code
 * raftkv.bench.load}, what it cost in {@code raftkv.bench.machine}. {@code bench/compare.sh} puts
 * levels together.
 */
@NullMarked
package raftkv.bench;

import org.jspecify.annotations.NullMarked;
