/**
 * What a server is told when it starts: options and environment variables, read into one record, or
 * refused in one sentence.
 *
 * <p>Invariant: a {@link raftkv.config.ServerConfig} that exists is free of contradictions. Must
 * not know: what is done with it.
 */
@NullMarked
package raftkv.config;

import org.jspecify.annotations.NullMarked;
