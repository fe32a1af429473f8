/**
 * The composition root: puts a node together from its parts, starts and ends it. Knows everybody,
 * is known by nobody, and decides nothing but the order.
 */
@NullMarked
package raftkv.server;

import org.jspecify.annotations.NullMarked;
