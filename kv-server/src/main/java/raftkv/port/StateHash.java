package raftkv.port;

/** 128-bit, order-independent hash of everything replicated; a sum, so additions wrap. */
public record StateHash(long high, long low) {
  /** Hash of nothing. */
  public static final StateHash EMPTY = new StateHash(0, 0);

  /** Sum modulo 2^128. */
  public StateHash plus(StateHash other) {
    long sumLow = low + other.low;
    long carry = Long.compareUnsigned(sumLow, low) < 0 ? 1 : 0;
    return new StateHash(high + other.high + carry, sumLow);
  }

  /** Difference modulo 2^128. */
  public StateHash minus(StateHash other) {
    long borrow = Long.compareUnsigned(low, other.low) < 0 ? 1 : 0;
    return new StateHash(high - other.high - borrow, low - other.low);
  }

  @Override
  public String toString() {
    return String.format("%016x%016x", high, low);
  }
}
