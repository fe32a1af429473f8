/** Tests of the commands, in the test's process, against a cluster that does what it is told. */
@NullMarked
package raftkv.cli;

import org.jspecify.annotations.NullMarked;
