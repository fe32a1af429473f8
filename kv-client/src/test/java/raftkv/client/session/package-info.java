/** Tests of the pure rules: time is a number, randomness a seed. */
@NullMarked
package raftkv.client.session;

import org.jspecify.annotations.NullMarked;
