/** Tests over the whole system: real processes, and the commands of the README. */
@NullMarked
package raftkv.e2e;

import org.jspecify.annotations.NullMarked;
