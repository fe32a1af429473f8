package raftkv.node;

import org.jspecify.annotations.Nullable;

/** A read of one key: looks at the state machine in the moment of the answer. */
final class ReadOf extends Answer<ReadAnswer> {
  private final ClusterNode node;
  private final String key;
  private @Nullable String value;

  ReadOf(ClusterNode node, String key) {
    this.node = node;
    this.key = key;
  }

  @Override
  public void accept(ReadAnswer given) {
    super.accept(given);
    if (given instanceof ReadAnswer.ReadNow) {
      value = node.machine.get(key);
    }
  }

  boolean isServed() {
    return isThere() && get() instanceof ReadAnswer.ReadNow;
  }

  @Nullable String value() {
    return value;
  }
}
