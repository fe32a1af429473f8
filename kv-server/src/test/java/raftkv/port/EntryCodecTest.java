package raftkv.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import raftkv.port.MalformedEntry.Reason;
import raftkv.raft.Bytes;
import raftkv.raft.EntryKind;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;

final class EntryCodecTest {
  private final EntryCodec codec = new EntryCodec();
  private final LogEntry entry =
      codec.encode(new LogPosition(258, 3), EntryKind.COMMAND, body("kv"));

  @Test
  void decodesWhatItEncoded() {
    LogEntry decoded = EntryCodec.decode(entry.encoded());

    assertThat(decoded).isEqualTo(entry);
    assertThat(decoded.body()).isEqualTo(body("kv"));
    assertThat(decoded.sizeBytes()).isEqualTo(EntryCodec.HEADER_BYTES + 2);
  }

  /** The bytes are on disks and wires: this line changes only together with the format number. */
  @Test
  void keepsItsBytesForEver() {
    String hex = HexFormat.of().formatHex(entry.encoded().toByteArray());

    assertThat(hex).isEqualTo("000000000000010200000000000000030200000002c36879816b76");
  }

  @Test
  void keepsBodyAndRangeOfALargerArrayApart() {
    Bytes larger = Bytes.wrap("..kv..".getBytes(StandardCharsets.UTF_8), 2, 2);

    LogEntry encoded = codec.encode(new LogPosition(258, 3), EntryKind.COMMAND, larger);

    assertThat(encoded).isEqualTo(entry);
  }

  @Test
  void encodesAnEmptyBody() {
    LogEntry noop = codec.encode(new LogPosition(1, 1), EntryKind.NOOP, Bytes.EMPTY);

    assertThat(EntryCodec.decode(noop.encoded()).body().length()).isZero();
  }

  @Test
  void readsTheFirstOfSeveralEntries() {
    LogEntry second = codec.encode(new LogPosition(259, 3), EntryKind.NOOP, Bytes.EMPTY);
    Bytes both = joined(entry.encoded(), second.encoded());

    LogEntry first = EntryCodec.decodeFirst(both);

    assertThat(first).isEqualTo(entry);
    assertThat(EntryCodec.decodeFirst(both.from(first.sizeBytes()))).isEqualTo(second);
    assertThat(reason(both)).isEqualTo(Reason.LENGTH);
  }

  @Test
  void seesEveryFlippedBit() {
    for (int bit = 0; bit < entry.sizeBytes() * 8; bit++) {
      byte[] flipped = entry.encoded().toByteArray();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);

      assertThat(reason(Bytes.wrap(flipped)))
          .as("bit %d", bit)
          .isIn(Reason.CHECKSUM, Reason.LENGTH);
    }
  }

  @Test
  void seesEveryCut() {
    for (int length = 0; length < entry.sizeBytes(); length++) {
      Bytes cut = Bytes.wrap(entry.encoded().toByteArray(), 0, length);

      assertThat(reason(cut)).as("length %d", length).isEqualTo(Reason.LENGTH);
    }
  }

  @Test
  void allocatesNothingForADamagedLength() {
    byte[] array = entry.encoded().toByteArray();
    ByteBuffer.wrap(array).putInt(17, Integer.MAX_VALUE);

    assertThat(reason(Bytes.wrap(array))).isEqualTo(Reason.LENGTH);
  }

  @Test
  void tellsANewerKindFromDamage() {
    assertThat(reason(withChecksum(258, 3, 6))).isEqualTo(Reason.UNKNOWN_KIND);
    assertThat(reason(withChecksum(258, 3, 0))).isEqualTo(Reason.UNKNOWN_KIND);
  }

  @Test
  void refusesPositionsThatCannotBe() {
    assertThat(reason(withChecksum(0, 3, 2))).isEqualTo(Reason.RANGE);
    assertThat(reason(withChecksum(258, -1, 2))).isEqualTo(Reason.RANGE);
  }

  @Test
  void takesZerosForDamage() {
    assertThat(reason(Bytes.wrap(new byte[64]))).isEqualTo(Reason.CHECKSUM);
  }

  @Test
  void knowsWhetherFieldsAndBytesAgree() {
    LogEntry other = new LogEntry(259, 3, EntryKind.COMMAND, entry.encoded(), entry.bodyOffset());
    byte[] flipped = entry.encoded().toByteArray();
    flipped[flipped.length - 1] ^= 1;

    assertThat(EntryCodec.isIntact(entry)).isTrue();
    assertThat(EntryCodec.isIntact(other)).isFalse();
    assertThat(
            EntryCodec.isIntact(
                new LogEntry(258, 3, EntryKind.COMMAND, Bytes.wrap(flipped), entry.bodyOffset())))
        .isFalse();
  }

  /** An entry as a newer or broken version might have written it: odd, but with its checksum. */
  private static Bytes withChecksum(long index, long term, int kind) {
    byte[] array = new byte[EntryCodec.HEADER_BYTES];
    ByteBuffer.wrap(array).putLong(index).putLong(term).put((byte) kind);
    CRC32C crc = new CRC32C();
    crc.update(array, 0, 21);
    ByteBuffer.wrap(array).putInt(21, (int) crc.getValue());
    return Bytes.wrap(array);
  }

  private static Reason reason(Bytes bytes) {
    return catchThrowableOfType(MalformedEntry.class, () -> EntryCodec.decode(bytes)).reason();
  }

  private static Bytes joined(Bytes left, Bytes right) {
    byte[] all = new byte[left.length() + right.length()];
    System.arraycopy(left.toByteArray(), 0, all, 0, left.length());
    System.arraycopy(right.toByteArray(), 0, all, left.length(), right.length());
    return Bytes.wrap(all);
  }

  private static Bytes body(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
