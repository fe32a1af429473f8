package raftkv.config;

/** An address: host name or number, and port from 1 to 65,535. */
public record HostPort(String host, int port) {
  private static final int MAX_PORT = 65_535;

  /** What a bare port means: this machine. */
  static final String LOOPBACK = "127.0.0.1";

  /** Checks both. */
  public HostPort {
    if (host.isEmpty()) {
      throw new UsageError("an address has no host");
    }
    checkPort(port);
  }

  static void checkPort(int port) {
    if (port < 1 || port > MAX_PORT) {
      throw new UsageError("port " + port + " is out of range: ports are 1 to " + MAX_PORT);
    }
  }

  /** Reads {@code host:port}, the host in brackets if it has colons itself. */
  static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw new UsageError("'" + text + "' is no host:port");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw new UsageError("'" + text + "' is no host:port: write [" + host + "] for that host");
    }
    return new HostPort(host, parsePort(text.substring(colon + 1), text));
  }

  static int parsePort(String digits, String whole) {
    try {
      int port = Integer.parseInt(digits);
      checkPort(port);
      return port;
    } catch (NumberFormatException notNumeric) {
      throw new UsageError("'" + whole + "' has no port number: '" + digits + "'");
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
