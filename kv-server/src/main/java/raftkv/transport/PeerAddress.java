package raftkv.transport;

/** Where a peer listens. The host may be a name: it is resolved anew at each attempt. */
public record PeerAddress(String host, int port) {
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
