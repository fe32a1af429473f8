package raftkv.transport;

import io.grpc.Status;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a link could not be made or broke, in a word or two for the operator. */
final class LinkFailure {
  private LinkFailure() {}

  static String words(Status status) {
    for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
      String words = words(cause);
      if (words != null) {
        return words;
      }
    }
    String description = status.getDescription();
    if (description != null && description.contains("Unable to resolve host")) {
      return "unknown host";
    }
    if (description == null
        || description.contains("Network closed")
        || description.contains("RST_STREAM")) {
      return "closed";
    }
    return description.toLowerCase(Locale.ROOT);
  }

  private static @Nullable String words(Throwable cause) {
    if (cause instanceof UnknownHostException) {
      return "unknown host";
    }
    if (cause instanceof SocketTimeoutException || cause.getClass().getName().contains("Timeout")) {
      return "no answer";
    }
    if (cause instanceof ConnectException) {
      String message = String.valueOf(cause.getMessage());
      return message.contains("refused") ? "refused" : message.toLowerCase(Locale.ROOT);
    }
    String message = cause.getMessage();
    return message != null && message.contains("reset") ? "closed" : null;
  }
}
