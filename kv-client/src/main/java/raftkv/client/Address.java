package raftkv.client;

/**
 * Where a node listens.
 *
 * @param host a name or an address, without brackets
 * @param port 1 to 65,535
 */
public record Address(String host, int port) {
  private static final int MAX_PORT = 65_535;

  /**
   * Reads {@code host:port}, {@code [v6]:port} or a bare port, which means localhost.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  public static Address parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "localhost" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    int port = portOf(text.substring(colon + 1), text);
    if (host.isEmpty()) {
      throw new IllegalArgumentException("endpoint '" + text + "' names no host");
    }
    return new Address(host, port);
  }

  private static int portOf(String digits, String whole) {
    try {
      int port = Integer.parseInt(digits);
      if (port >= 1 && port <= MAX_PORT) {
        return port;
      }
    } catch (NumberFormatException notANumber) {
      // Falls through to the one sentence for both.
    }
    throw new IllegalArgumentException(
        "endpoint '" + whole + "' needs a port from 1 to " + MAX_PORT + ", as in localhost:9001");
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
