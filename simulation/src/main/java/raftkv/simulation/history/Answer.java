package raftkv.simulation.history;

import org.jspecify.annotations.Nullable;

/** What a client was told. */
public sealed interface Answer {
  /** The value was stored, by a put or by a condition that held. */
  record Stored() implements Answer {}

  /** The condition did not hold; this was there instead, null if nothing was. */
  record Refused(@Nullable String current) implements Answer {}

  /** The key was removed; this had been there, null if nothing had. */
  record Removed(@Nullable String value) implements Answer {}

  /** A read found this; null if there was nothing. */
  record Read(@Nullable String value) implements Answer {}

  /** Nobody can say whether it took effect, or still will. */
  record Unknown() implements Answer {}
}
