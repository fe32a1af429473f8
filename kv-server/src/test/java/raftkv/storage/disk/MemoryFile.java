package raftkv.storage.disk;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import raftkv.raft.Bytes;

/** The contents of one file of a {@link MemoryDisk}: what is seen, and what a power cut leaves. */
final class MemoryFile {
  private static final int SECTOR = 512;
  private static final int GROWTH = 1 << 20;

  /** A write that was not forced. The sequence number orders the writes of the whole disk. */
  record Unforced(long sequence, long offset, Bytes bytes) {}

  private final Image seen = new Image();
  private final Image durable = new Image();
  private final List<Unforced> unforced = new ArrayList<>();

  void write(long sequence, long offset, byte[] bytes) {
    seen.put(offset, bytes, 0, bytes.length);
    unforced.add(new Unforced(sequence, offset, Bytes.wrap(bytes)));
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
      durable.put(write.offset, write.bytes.array(), 0, write.bytes.length());
    }
    unforced.clear();
  }

  /** What was to be forced counts as written from now on, and is on no platter. */
  void failForce() {
    unforced.clear();
  }

  /** The cache lets go of what counts as written: from now on the platter is read. */
  void evict() {
    durable.shareWith(seen);
    for (Unforced write : unforced) {
      seen.put(write.offset, write.bytes.array(), 0, write.bytes.length());
    }
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
    durable.shareWith(file.durable);
    for (Unforced write : unforced) {
      int fromLast = (int) (last - write.sequence);
      int at = 0;
      for (int sector = 0; at < write.bytes.length(); sector++) {
        int toBoundary = (int) (SECTOR - (write.offset + at) % SECTOR);
        int length = Math.min(toBoundary, write.bytes.length() - at);
        int survives = survival.survivingBytes(fromLast, sector, length);
        file.durable.put(write.offset + at, write.bytes.array(), at, survives);
        at += length;
      }
    }
    file.durable.shareWith(file.seen);
    return file;
  }

  /** The same, for another process: what is unforced stays so. */
  MemoryFile copy() {
    MemoryFile file = new MemoryFile();
    durable.shareWith(file.durable);
    seen.shareWith(file.seen);
    file.unforced.addAll(unforced);
    return file;
  }

  /** What of the unforced writes would be missed, in the order of writing. */
  List<MemoryDisk.LooseSector> looseSectors(long last) {
    List<MemoryDisk.LooseSector> loose = new ArrayList<>();
    for (Unforced write : unforced) {
      int at = 0;
      for (int sector = 0; at < write.bytes.length(); sector++) {
        int toBoundary = (int) (SECTOR - (write.offset + at) % SECTOR);
        int length = Math.min(toBoundary, write.bytes.length() - at);
        boolean ends = at + length == write.bytes.length();
        if (durable.wouldShow(write, at, length, ends)) {
          loose.add(new MemoryDisk.LooseSector((int) (last - write.sequence), sector));
        }
        at += length;
      }
    }
    return loose;
  }

  byte[] contents() {
    return Arrays.copyOf(seen.bytes, seen.size);
  }

  /** Puts damage on the platter itself, past all forces; the array is handed over. */
  void damage(byte[] contents) {
    seen.share(contents, contents.length);
    durable.share(contents, contents.length);
    unforced.clear();
  }

  /** Bytes that several images may share until one of them is written to. */
  private static final class Image {
    private byte[] bytes = new byte[0];
    private int size;
    private boolean shared;

    /** Takes over what the other image holds, or the array, which is not written to any more. */
    void share(byte[] contents, int contentsSize) {
      bytes = contents;
      size = contentsSize;
      shared = true;
    }

    void shareWith(Image other) {
      shared = true;
      other.share(bytes, size);
    }

    /** A sector of zeros over nothing shows only as the size of the file, with the last one. */
    boolean wouldShow(Unforced write, int from, int length, boolean ends) {
      int at = Math.toIntExact(write.offset + from);
      for (int i = 0; i < length; i++) {
        byte old = at + i < size ? bytes[at + i] : 0;
        if (old != write.bytes.at(from + i)) {
          return true;
        }
      }
      return ends && at + length > size;
    }

    void put(long offset, byte[] source, int from, int length) {
      if (length == 0) {
        return;
      }
      int end = Math.toIntExact(offset + length);
      if (end > bytes.length) {
        bytes =
            Arrays.copyOf(bytes, Math.max(end, Math.min(bytes.length * 2, bytes.length + GROWTH)));
      } else if (shared) {
        bytes = bytes.clone();
      }
      shared = false;
      System.arraycopy(source, from, bytes, (int) offset, length);
      size = Math.max(size, end);
    }
  }
}
