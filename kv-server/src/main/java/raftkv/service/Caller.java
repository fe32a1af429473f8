package raftkv.service;

import io.grpc.StatusRuntimeException;
import java.util.function.Supplier;

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
   * A read could be answered, on the loop: succeeds with what that makes, unless there is no room
   * for it. Writes are answered in any case.
   *
   * @return false if there was no room, and {@link #whenRoom} is to be called
   */
  boolean succeedIfRoom(Supplier<T> response);

  /** There was no room: runs that on the loop once there is. */
  void whenRoom(Runnable again);
}
