package raftkv.storage.disk;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;

/** Says in a few words for people what went wrong; Java's own messages often are a bare path. */
public final class IoCause {
  private IoCause() {}

  /** The cause in words, never empty. */
  public static String of(IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (cause instanceof FileAlreadyExistsException) {
      return "a file of that name is in the way";
    }
    if (cause instanceof ClosedByInterruptException) {
      return "the writing thread was interrupted";
    }
    if (cause instanceof FileSystemException file && file.getReason() != null) {
      return String.valueOf(file.getReason());
    }
    String message = cause.getMessage();
    String name = cause.getClass().getSimpleName();
    return message == null ? name : message + " (" + name + ")";
  }
}
