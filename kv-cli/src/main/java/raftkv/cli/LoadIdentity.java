package raftkv.cli;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Under which session a file is loaded, so that a second try goes on where the first one ended.
 *
 * <p>A client id of our own making says everything that a second try needs: {@code
 * load-START-RANDOM-DIGEST}, the session's start, and the beginning of the digest of the file.
 *
 * @param sessionStart null if the user's own client id comes without one
 */
record LoadIdentity(String clientId, @Nullable Long sessionStart) {
  private static final Pattern OWN = Pattern.compile("load-(\\d{1,18})-[0-9a-f]{8}-([0-9a-f]{16})");
  private static final int DIGEST_DIGITS = 16;
  private static final int RANDOM_BYTES = 4;

  /** For a file that is loaded for the first time, at an applied index seen just now. */
  static LoadIdentity fresh(long appliedIndex, String digest) {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    String id =
        "load-"
            + appliedIndex
            + "-"
            + HexFormat.of().formatHex(random)
            + "-"
            + digest.substring(0, DIGEST_DIGITS);
    return new LoadIdentity(id, appliedIndex);
  }

  /**
   * As the user says.
   *
   * @throws UsageMistake if the id tells of another file or another start
   */
  static LoadIdentity given(
      String clientId, @Nullable Long sessionStart, LoadFile.Facts facts, String file) {
    Matcher own = OWN.matcher(clientId);
    if (!own.matches()) {
      return new LoadIdentity(clientId, sessionStart);
    }
    long start = Long.parseLong(own.group(1));
    if (sessionStart != null && sessionStart != start) {
      throw new UsageMistake("--session-start is part of this --client-id: leave it out");
    }
    if (!facts.digest().startsWith(own.group(2))) {
      throw new UsageMistake(
          file + " is not what was loaded under " + clientId + ": its contents differ");
    }
    return new LoadIdentity(clientId, start);
  }
}
