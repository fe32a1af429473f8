package raftkv.service;

import io.grpc.StatusRuntimeException;

/**
 * Who waits for the answer of one request, however the request came. Told exactly once: of a
 * success on the loop, of a failure on the loop or on the thread that asked. Neither throws.
 */
interface Caller<T> {
  /** The request was done. */
  void succeed(T response);

  /** The request was refused, or its outcome is not known. */
  void fail(StatusRuntimeException status);

  /**
   * Whether an answer of any size can be taken now. Asked on the loop, when a read could be
   * answered; writes are answered in any case.
   */
  default boolean hasRoom() {
    return true;
  }

  /** There was no room: runs that on the loop once there is. */
  default void whenRoom(Runnable again) {
    again.run();
  }
}
