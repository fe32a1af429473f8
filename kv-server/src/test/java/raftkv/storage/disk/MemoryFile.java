package raftkv.storage.disk;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The contents of one file of a {@link MemoryDisk}: what is seen, and what a power cut leaves. */
final class MemoryFile {
  private static final int SECTOR = 512;

  /** A write that was not forced. The sequence number orders the writes of the whole disk. */
  record Unforced(long sequence, long offset, byte[] bytes) {}

  private final Image seen = new Image();
  private final Image durable = new Image();
  private final List<Unforced> unforced = new ArrayList<>();

  void write(long sequence, long offset, byte[] bytes) {
    seen.put(offset, bytes, 0, bytes.length);
    unforced.add(new Unforced(sequence, offset, bytes));
  }

  int read(ByteBuffer target, long offset) throws EOFException {
    if (offset < 0) {
      throw new EOFException("negative offset");
    }
    int count = (int) Math.max(0, Math.min(target.remaining(), seen.size - offset));
    if (count > 0) {
      target.put(seen.bytes, (int) offset, count);
    }
    return count;
  }

  void force() {
    for (Unforced write : unforced) {
      durable.put(write.offset, write.bytes, 0, write.bytes.length);
    }
    unforced.clear();
  }

  int sizeBytes() {
    return seen.size;
  }

  List<Unforced> unforced() {
    return unforced;
  }

  /** The file after a power cut; {@code last} is the sequence number of the disk's last write. */
  MemoryFile afterCrash(Survival survival, long last) {
    MemoryFile file = new MemoryFile();
    file.durable.put(0, durable.bytes, 0, durable.size);
    for (Unforced write : unforced) {
      int fromLast = (int) (last - write.sequence);
      int at = 0;
      for (int sector = 0; at < write.bytes.length; sector++) {
        int toBoundary = (int) (SECTOR - (write.offset + at) % SECTOR);
        int length = Math.min(toBoundary, write.bytes.length - at);
        int survives = survival.survivingBytes(fromLast, sector, length);
        file.durable.put(write.offset + at, write.bytes, at, survives);
        at += length;
      }
    }
    file.seen.put(0, file.durable.bytes, 0, file.durable.size);
    return file;
  }

  byte[] contents() {
    return Arrays.copyOf(seen.bytes, seen.size);
  }

  /** Puts damage on the platter itself, past all forces. */
  void damage(byte[] contents) {
    for (Image image : List.of(seen, durable)) {
      image.size = 0;
      Arrays.fill(image.bytes, (byte) 0);
      image.put(0, contents, 0, contents.length);
    }
    unforced.clear();
  }

  private static final class Image {
    private byte[] bytes = new byte[0];
    private int size;

    void put(long offset, byte[] source, int from, int length) {
      if (length == 0) {
        return;
      }
      int end = Math.toIntExact(offset + length);
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
      }
      System.arraycopy(source, from, bytes, (int) offset, length);
      size = Math.max(size, end);
    }
  }
}
