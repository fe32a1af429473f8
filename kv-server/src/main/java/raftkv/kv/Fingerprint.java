package raftkv.kv;

/**
 * What an operation is, in a canonical form: kind, key, value and its kind, conditions. Not who
 * asks, nor how it came here, nor in which format it was written (safety rule 4.3).
 */
final class Fingerprint implements KvCommand.Cases<ItemHash>, Condition.Cases<ItemHash> {
  private static final int PUT = 1;
  private static final int DELETE = 2;
  private static final int COMPARE_AND_SET = 3;
  private static final int CANCEL = 4;

  private static final int IF_VALUE = 1;
  private static final int IF_MOD_INDEX = 2;
  private static final int IF_ABSENT = 3;

  private final ItemHash hash = new ItemHash(ItemHash.OPERATION);

  private Fingerprint() {}

  static ItemHash of(KvCommand command) {
    return command.match(new Fingerprint());
  }

  @Override
  public ItemHash put(KvCommand.Put command) {
    hash.number(PUT).bytes(command.key());
    return value(command.value());
  }

  @Override
  public ItemHash delete(KvCommand.Delete command) {
    return hash.number(DELETE).bytes(command.key()).number(command.expectedModIndex());
  }

  @Override
  public ItemHash compareAndSet(KvCommand.CompareAndSet command) {
    hash.number(COMPARE_AND_SET).bytes(command.key());
    command.condition().match(this);
    return value(command.value());
  }

  @Override
  public ItemHash cancel(KvCommand.Cancel command) {
    return hash.number(CANCEL);
  }

  @Override
  public ItemHash valueIs(Condition.ValueIs condition) {
    hash.number(IF_VALUE);
    return value(condition.expected());
  }

  @Override
  public ItemHash modIndexIs(Condition.ModIndexIs condition) {
    return hash.number(IF_MOD_INDEX).number(condition.expected());
  }

  @Override
  public ItemHash absent(Condition.Absent condition) {
    return hash.number(IF_ABSENT);
  }

  private ItemHash value(KvValue value) {
    return hash.number(value.kind().code()).bytes(value.bytes());
  }
}
