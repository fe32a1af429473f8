/**
 * How long clients wait when the leader goes: the gap in service, and where it comes from.
 *
 * <pre>
 *   FailoverMain --&gt; Campaign --&gt; Trial: Prober writes each millisecond, Hands strike, Gap is found
 *                       |            |
 *                       v            v
 *                    Results      Timeline: detection, pre-vote, vote, answer, from the nodes' logs
 * </pre>
 *
 * <p>A {@link raftkv.bench.failover.Contender} is a kind of cluster: this system, or etcd with some
 * options. Each node has a network namespace of its own, laid by {@code bench/failover.sh}, so that
 * its cable can be pulled. A trial waits for conditions, never for a time.
 */
@NullMarked
package raftkv.bench.failover;

import org.jspecify.annotations.NullMarked;
