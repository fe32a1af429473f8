package raftkv.simulation.net;

/** The way from one node to another. */
final class Link {
  /** The dialler's stream is established. */
  boolean up;

  /** Nothing passes in this direction, and nobody is told. */
  boolean cut;

  /** Rises with each stream that ends or begins: what was sent on an older one is lost. */
  long number;

  /** When the last message on it arrives: the next one is not earlier unless it is reordered. */
  long lastArrivalNanos;

  /** Somebody is dialling. */
  boolean dialling;

  void goDown() {
    up = false;
    number++;
  }

  void comeUp() {
    up = true;
    number++;
    lastArrivalNanos = 0;
  }
}
