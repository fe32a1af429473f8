package raftkv.client;

/** What a conditional write compares the current entry with. */
public sealed interface Condition {
  /** The current value is this. */
  record ValueIs(KvValue value) implements Condition {}

  /** The entry's last change was at this log index. */
  record ModIndexIs(long modIndex) implements Condition {}

  /** The key does not exist. */
  record Absent() implements Condition {}
}
