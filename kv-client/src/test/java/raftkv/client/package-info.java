/** Tests of the client against a cluster that does what it is told. */
@NullMarked
package raftkv.client;

import org.jspecify.annotations.NullMarked;
