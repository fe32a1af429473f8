/**
 * Who may know whom, and which calls are forbidden where, over the classes of all modules.
 *
 * <p>{@link raftkv.e2e.layers.Layers} and {@link raftkv.e2e.layers.BannedCalls} hold the rules. One
 * test holds the real code to them; another compiles a small violation of each rule and sees it
 * caught, so that no rule is green because it looks at nothing.
 */
@NullMarked
package raftkv.e2e.layers;

import org.jspecify.annotations.NullMarked;
