/**
 * The command line on top of kv-client: one process per call, so everything here is made for a
 * quick start. {@link raftkv.cli.Main} sets what Netty has to know before its first class is
 * loaded, only the commands that are named are built, and the client's loop is ended before the
 * process is.
 *
 * <pre>
 *   Main --&gt; Cli --&gt; picocli --&gt; PutCommand, GetCommand, ...   one class per command
 *                                   |
 *                                   |-- Root      options that stand before or after the command
 *                                   |-- Answer    one result: text, JSON or raw
 *                                   '-- Failures  what, why, what now; and the exit code
 * </pre>
 */
@NullMarked
package raftkv.cli;

import org.jspecify.annotations.NullMarked;
