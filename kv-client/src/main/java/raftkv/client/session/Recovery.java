package raftkv.client.session;

import java.util.Map;

/**
 * What to do after a copy of a request failed. The reasons are those of the public error table.
 *
 * <table>
 *   <caption>Reason to recovery</caption>
 *   <tr><td>NOT_LEADER, NOT_READY, TOO_STALE, STATE_DIVERGED</td><td>another node</td></tr>
 *   <tr><td>NO_LEADER, PROPOSAL_DROPPED, OUTCOME_UNKNOWN, OVERLOADED, SEQ_NUM_AHEAD</td>
 *       <td>again, a little later</td></tr>
 *   <tr><td>SESSION_EXPIRED</td><td>a new session, if that is safe</td></tr>
 *   <tr><td>all others</td><td>none: the answer will not change</td></tr>
 * </table>
 */
public enum Recovery {
  /** Another node may do it: at once if there is an untried one. */
  ELSEWHERE,
  /** The same may succeed a little later. */
  LATER,
  /** Only under a fresh client id. */
  NEW_SESSION,
  /** Nothing: it is refused for good. */
  NONE;

  private static final Map<String, Recovery> BY_REASON =
      Map.ofEntries(
          Map.entry("NOT_LEADER", ELSEWHERE),
          Map.entry("NOT_READY", ELSEWHERE),
          Map.entry("TOO_STALE", ELSEWHERE),
          Map.entry("STATE_DIVERGED", ELSEWHERE),
          Map.entry("NO_LEADER", LATER),
          Map.entry("PROPOSAL_DROPPED", LATER),
          Map.entry("OUTCOME_UNKNOWN", LATER),
          Map.entry("OVERLOADED", LATER),
          Map.entry("SEQ_NUM_AHEAD", LATER),
          Map.entry("SESSION_EXPIRED", NEW_SESSION));

  /** The recovery for a reason that a node gave; none for a reason this client does not know. */
  public static Recovery of(String reason) {
    return BY_REASON.getOrDefault(reason, NONE);
  }
}
