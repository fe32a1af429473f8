package raftkv.client;

/** How a copy of a request ended: exactly one of the first two, on any thread. */
interface Ending<A> {
  /** With an answer. */
  void onAnswer(A answer);

  /** Without; what is known of it. */
  void onFailure(ErrorReader.Reading reading);

  /** Whether it is still worth sending. On the client's loop. */
  default boolean isWanted() {
    return true;
  }
}
