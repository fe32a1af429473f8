package raftkv.raft;

/** Reads the few binary bodies of the core; every shortage is a {@link MalformedBody}. */
final class BytesReader {
  private final Bytes body;
  private int next;

  BytesReader(Bytes body, byte format) {
    this.body = body;
    int found = oneByte();
    if (found != format) {
      throw MalformedBody.ofFormat(found, format);
    }
  }

  int oneByte() {
    need(1);
    return body.at(next++) & 0xff;
  }

  long eightBytes() {
    need(8);
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | (body.at(next++) & 0xff);
    }
    return value;
  }

  NodeId nodeId() {
    int value = oneByte();
    if (value == 0) {
      throw new MalformedBody("node id 0");
    }
    return new NodeId(value);
  }

  Bytes rest() {
    return body.from(next);
  }

  void end() {
    if (next != body.length()) {
      throw new MalformedBody("longer than its format says");
    }
  }

  private void need(int count) {
    if (body.length() - next < count) {
      throw new MalformedBody("shorter than its format says");
    }
  }
}
