package raftkv.storage.wal;

import raftkv.raft.Check;

/**
 * The limits of the write-ahead log.
 *
 * @param segmentSizeBytes size of each new segment file; a multiple of 4 KiB, from 16 KiB to 1 GiB
 * @param batchSizeBytes a batch takes no further entry beyond this, but always one
 * @param idleNanos how long after the last batch the marker behind it is written
 * @param retryNanos how long after a full disk has refused a new segment it is tried again
 */
public record WalConfig(int segmentSizeBytes, int batchSizeBytes, long idleNanos, long retryNanos) {
  /** What a node uses unless told otherwise. */
  public static final WalConfig DEFAULT =
      new WalConfig(16 << 20, 4 << 20, 20_000_000L, 1_000_000_000L);

  static final int MAX_SEGMENT_BYTES = 1 << 30;
  private static final int MIN_SEGMENT_BYTES = 16 << 10;

  /** Checks the ranges. */
  public WalConfig {
    Check.that(isSegmentSize(segmentSizeBytes), "a segment has pages, from 16 KiB to 1 GiB");
    Check.that(batchSizeBytes > 0, "a batch holds something");
    Check.that(idleNanos > 0 && retryNanos > 0, "delays are positive");
  }

  static boolean isSegmentSize(int bytes) {
    return bytes >= MIN_SEGMENT_BYTES && bytes <= MAX_SEGMENT_BYTES && bytes % Layout.PAGE == 0;
  }

  /** The largest entry that fits into a segment of its own. */
  public int maxEntryBytes() {
    return segmentSizeBytes - Layout.SECTOR - RecordHeader.SIZE_BYTES - Layout.SECTOR;
  }
}
