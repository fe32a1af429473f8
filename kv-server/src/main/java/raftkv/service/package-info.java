/**
 * The public services: translates calls into the node's requests and the state machine's commands,
 * and their outcomes back. Decides nothing: routing, waiting and deadlines are the node's.
 *
 * <pre>
 *   gRPC's thread: KvCalls or PipelineStream --&gt; DataRequests --parse, check, encode--&gt; node.Requests
 *   loop:          Requests --outcome--&gt; Answers, Headers or Errors --&gt; the Caller
 * </pre>
 *
 * <p>Invariants: every status code is in {@link raftkv.service.Errors}; every call is answered
 * once; an unknown outcome is never called failed.
 */
@NullMarked
package raftkv.service;

import org.jspecify.annotations.NullMarked;
