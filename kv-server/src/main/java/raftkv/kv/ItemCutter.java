package raftkv.kv;

import java.util.Arrays;
import java.util.function.Consumer;
import raftkv.raft.Bytes;

/**
 * Cuts a stream of pieces into its items ({@link StateFormat}), whatever the pieces were cut at.
 * What an item says of its length is believed only up to the longest there can be, and memory is
 * taken as bytes arrive. For one thread.
 */
final class ItemCutter {
  private static final byte[] NOTHING = {};

  private final Consumer<Bytes> items;

  /** The beginning of an item whose end has not come. */
  private byte[] carry = NOTHING;

  private int carried;

  /** Items go there, without their length; they share the bytes of the pieces. */
  ItemCutter(Consumer<Bytes> items) {
    this.items = items;
  }

  void take(Bytes piece) {
    int at = 0;
    while (at < piece.length()) {
      int end = carried == 0 ? endOfWholeItem(piece, at) : -1;
      if (end > 0) {
        int from = piece.offset() + at + Integer.BYTES;
        items.accept(Bytes.wrap(piece.array(), from, piece.offset() + end - from));
        at = end;
      } else {
        at += carryOver(piece, at);
      }
    }
  }

  /** Whether nothing of an item is waiting for its end. */
  boolean isAtEnd() {
    return carried == 0;
  }

  private static int endOfWholeItem(Bytes piece, int at) {
    if (piece.length() - at < Integer.BYTES) {
      return -1;
    }
    int length = length(piece.array(), piece.offset() + at);
    return length <= piece.length() - at - Integer.BYTES ? at + Integer.BYTES + length : -1;
  }

  /** Takes what is missing of the length, or of the item. */
  private int carryOver(Bytes piece, int at) {
    int wanted = Integer.BYTES + (carried < Integer.BYTES ? 0 : length(carry, 0));
    int count = Math.min(wanted - carried, piece.length() - at);
    if (carried + count > carry.length) {
      carry = Arrays.copyOf(carry, Math.max(carried + count, Math.min(wanted, 2 * carry.length)));
    }
    System.arraycopy(piece.array(), piece.offset() + at, carry, carried, count);
    carried += count;
    if (carried == wanted && wanted > Integer.BYTES) {
      Bytes item = Bytes.wrap(carry, Integer.BYTES, wanted - Integer.BYTES);
      carry = NOTHING;
      carried = 0;
      items.accept(item);
    }
    return count;
  }

  private static int length(byte[] array, int offset) {
    int length = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      length = length << 8 | (array[offset + i] & 0xFF);
    }
    boolean possible = length >= 1 && length <= StateFormat.MAX_ITEM_BYTES;
    if (!possible) {
      throw MalformedInput.because("an item of " + length + " bytes cannot be");
    }
    return length;
  }
}
