package raftkv.client.session;

import org.jspecify.annotations.Nullable;

/** What a request wants done next. */
public sealed interface Step {
  /**
   * Send a copy.
   *
   * @param copy its number within the request, from 1
   * @param endpoint where to
   */
  record Send(int copy, int endpoint) implements Step {}

  /** Nothing before {@link Attempts#nextWakeNanos()}, or until a copy ends. */
  record Wait() implements Step {}

  /**
   * Ask an endpoint who leads, if {@link Questions} allows it now.
   *
   * @param endpoint not the one that is silent
   */
  record Ask(int endpoint) implements Step {}

  /**
   * Give the request an identity in a new session, then call {@link Attempts#onNewSession}. No copy
   * of it has been applied, or can be.
   *
   * @param sessionStart the current index, to be the new session's start
   */
  record OpenSession(long sessionStart) implements Step {}

  /**
   * The request ends without an answer.
   *
   * @param outcome of all its copies together
   * @param last the failure that ended it, or the last before the deadline; null if no copy ended
   * @param deadlinePassed whether time ended it
   */
  record Finish(Outcome outcome, @Nullable CopyFailure last, boolean deadlinePassed)
      implements Step {}
}
