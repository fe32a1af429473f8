/**
 * Where a node's time and memory go: the ten hottest places of a flight recording.
 *
 * <p>{@link raftkv.bench.profile.ProfileReport} is the program, {@link
 * raftkv.bench.profile.Profile} what it counts. Run it by {@code bench/profile.sh}, which records a
 * leader under load.
 */
@NullMarked
package raftkv.bench.profile;

import org.jspecify.annotations.NullMarked;
