/**
 * Single parts by themselves, measured by JMH: the codecs, the log on a real disk, the state
 * machine and its hash. What a whole cluster does with them is the load generator's matter. Run it
 * by {@code bench/jmh.sh}.
 */
@NullMarked
package raftkv.bench.micro;

import org.jspecify.annotations.NullMarked;
