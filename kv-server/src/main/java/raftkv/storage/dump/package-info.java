/**
 * What the dump tools get to see of files: one {@link raftkv.storage.dump.DumpLine} for each thing
 * that is found, intact or not. Knows nothing but the JDK.
 */
@NullMarked
package raftkv.storage.dump;

import org.jspecify.annotations.NullMarked;
