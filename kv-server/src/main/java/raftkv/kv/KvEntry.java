package raftkv.kv;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import raftkv.raft.Bytes;
import raftkv.raft.Check;

/**
 * What is stored under a key. Unchanging, and safe to hand to other threads. Plain arrays and the
 * hash in the object itself: 64 bytes plus the two arrays, which is most of what an entry costs.
 */
public final class KvEntry {
  /** 64 for the object, 40 for the headers of two arrays, 8 for its share of a leaf. */
  private static final long HEAP_BYTES = 112;

  private final byte[] key;
  private final byte[] value;
  private final ValueKind kind;
  private final long createIndex;
  private final long modIndex;
  private final long version;
  private final long hashHigh;
  private final long hashLow;

  private KvEntry(byte[] key, KvValue value, Versions versions) {
    this.key = key;
    this.kind = value.kind();
    this.value = exact(value.bytes());
    this.createIndex = versions.createIndex;
    this.modIndex = versions.modIndex;
    this.version = versions.version;
    ItemHash hash = hash(Bytes.wrap(key), value, versions);
    this.hashHigh = hash.high();
    this.hashLow = hash.low();
  }

  /**
   * When an entry was created and changed.
   *
   * @param createIndex log index at which the key was created
   * @param modIndex log index of the last change
   * @param version number of changes since it was created, from 1
   */
  public record Versions(long createIndex, long modIndex, long version) {
    /** Checks the ranges. */
    public Versions {
      MalformedInput.unless(createIndex >= 1, "create index is not positive");
      MalformedInput.unless(modIndex >= createIndex, "mod index is below the create index");
      MalformedInput.unless(version >= 1, "version is not positive");
    }
  }

  /** An entry; the bytes are copied if they are part of something larger. */
  public static KvEntry of(Bytes key, KvValue value, Versions versions) {
    return new KvEntry(exact(key), value, versions);
  }

  /** The array of exactly these bytes, copied only if need be. */
  static byte[] exact(Bytes bytes) {
    boolean whole = bytes.offset() == 0 && bytes.length() == bytes.array().length;
    return whole ? bytes.array() : bytes.toByteArray();
  }

  /** The key, 1 byte or more. */
  public Bytes key() {
    return Bytes.wrap(key);
  }

  /** The key as text. */
  public String keyText() {
    return new String(key, StandardCharsets.UTF_8);
  }

  /** The value. */
  public KvValue value() {
    return new KvValue(kind, Bytes.wrap(value));
  }

  /** Log index at which the key was created. */
  public long createIndex() {
    return createIndex;
  }

  /** Log index of the last change: the version for conditions. */
  public long modIndex() {
    return modIndex;
  }

  /** Number of changes since the key was created, from 1. */
  public long version() {
    return version;
  }

  /** Bytes of key and value. */
  public int sizeBytes() {
    return key.length + value.length;
  }

  /** What the entry takes of the heap, its place in a leaf included. */
  long heapBytes() {
    return HEAP_BYTES + Bytes.heapBytes(key.length) + Bytes.heapBytes(value.length);
  }

  /** To be read only. */
  byte[] keyArray() {
    return key;
  }

  long hashHigh() {
    return hashHigh;
  }

  long hashLow() {
    return hashLow;
  }

  /** Computes the hash anew, from the contents. */
  ItemHash computeHash() {
    return hash(key(), value(), new Versions(createIndex, modIndex, version));
  }

  /** The hash of an entry that need not be there. */
  static ItemHash hash(Bytes key, KvValue value, Versions versions) {
    return new ItemHash(ItemHash.ENTRY)
        .bytes(key)
        .number(value.kind().code())
        .bytes(value.bytes())
        .number(versions.createIndex)
        .number(versions.modIndex)
        .number(versions.version);
  }

  /** The entry after another change. */
  KvEntry changed(KvValue to, long index) {
    Check.that(index > modIndex, "entries change at rising indexes", index, modIndex);
    Versions versions = new Versions(createIndex, index, version + 1);
    return new KvEntry(key, to, versions);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KvEntry that
        && Arrays.equals(key, that.key)
        && kind == that.kind
        && Arrays.equals(value, that.value)
        && createIndex == that.createIndex
        && modIndex == that.modIndex
        && version == that.version;
  }

  @Override
  public int hashCode() {
    return (int) hashLow;
  }

  @Override
  public String toString() {
    return keyText() + " (" + value.length + " bytes, mod index " + modIndex + ")";
  }
}
