package raftkv.storage.snapshot;

import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import raftkv.port.SnapshotFile;
import raftkv.port.StateImage;
import raftkv.port.StateReader;
import raftkv.raft.Bytes;

/**
 * Verifies a snapshot file while its bytes come, in pieces cut anywhere: every checksum, the order
 * of the chunks, and at the end the hash of the state, which the reader computes anew. Takes memory
 * for one chunk. For one thread; after a {@link DamagedSnapshot} it must not be used.
 */
final class SnapshotParser {
  /** What is told of the parts as they are found intact. */
  interface Parts {
    /** Nobody listens. */
    Parts IGNORED =
        new Parts() {
          @Override
          public void header(SnapshotHeader header) {}

          @Override
          public void chunk(Chunk chunk, long offset) {}

          @Override
          public void footer(SnapshotFooter footer) {}
        };

    void header(SnapshotHeader header);

    /** A chunk whose head stands at that offset. */
    void chunk(Chunk chunk, long offset);

    void footer(SnapshotFooter footer);
  }

  private enum Expected {
    HEADER,
    ROSTER,
    HEAD,
    STATE,
    FOOTER,
    NOTHING
  }

  private final StateReader reader;
  private final Parts parts;
  private final CRC32C whole = new CRC32C();

  private Expected expected = Expected.HEADER;

  /** The part that is being collected, and where in the file it begins. */
  private byte[] part = new byte[SnapshotHeader.FIXED_BYTES];

  private int filled;
  private long offset;

  private byte[] fixed = {};
  private byte[] head = {};
  private @Nullable SnapshotHeader header;
  private @Nullable SnapshotFooter footer;
  private int chunks;
  private long stateBytes;

  /** What was verified: the file and the state in it. */
  record Verified(SnapshotFile file, StateImage image) {}

  SnapshotParser(StateReader reader, Parts parts) {
    this.reader = reader;
    this.parts = parts;
  }

  SnapshotParser(StateReader reader) {
    this(reader, Parts.IGNORED);
  }

  /** The next bytes of the file. */
  void take(Bytes piece) throws DamagedSnapshot {
    int at = 0;
    while (at < piece.length()) {
      if (expected == Expected.NOTHING) {
        throw new DamagedSnapshot(offset, "there are bytes behind the footer");
      }
      int count = Math.min(part.length - filled, piece.length() - at);
      System.arraycopy(piece.array(), piece.offset() + at, part, filled, count);
      filled += count;
      at += count;
      if (filled == part.length) {
        takePart();
      }
    }
  }

  /** The file ends here. */
  Verified finish() throws DamagedSnapshot {
    SnapshotHeader first = header;
    SnapshotFooter last = footer;
    if (first == null || last == null) {
      throw new DamagedSnapshot(offset + filled, "the file ends in the middle");
    }
    StateImage image;
    try {
      image = reader.finish();
    } catch (IllegalArgumentException malformed) {
      throw DamagedSnapshot.noState(last.offset(), malformed);
    }
    if (!image.hash().equals(last.hash())) {
      throw DamagedSnapshot.otherState(last, image.hash());
    }
    boolean same =
        image.index() == first.meta().lastIncluded().index()
            && image.roster().equals(first.meta().roster());
    if (!same) {
      throw new DamagedSnapshot(0, "the header is of another state");
    }
    return new Verified(new SnapshotFile(first.meta(), last.hash(), offset), image);
  }

  private void takePart() throws DamagedSnapshot {
    byte[] taken = part;
    switch (expected) {
      case HEADER -> {
        fixed = taken;
        int rosterBytes = SnapshotHeader.rosterBytes(taken);
        expect(Expected.ROSTER, taken, rosterBytes);
        if (rosterBytes == 0) {
          takePart();
        }
      }
      case ROSTER -> {
        header = SnapshotHeader.decode(fixed, taken);
        parts.header(header);
        expect(Expected.HEAD, taken, Chunk.HEAD_BYTES);
      }
      case HEAD -> takeHead(taken);
      case STATE -> takeState(taken);
      case FOOTER -> takeFooter(taken);
      case NOTHING -> throw new IllegalStateException("nothing is expected");
    }
  }

  /** A part is done; the next one has so many bytes. */
  private void expect(Expected next, byte[] done, int nextBytes) {
    whole.update(done);
    offset += done.length;
    expected = next;
    part = new byte[nextBytes];
    filled = 0;
  }

  private void takeHead(byte[] taken) throws DamagedSnapshot {
    Chunk chunk = Chunk.decode(taken);
    if (chunk.length() == 0) {
      part = Arrays.copyOf(taken, SnapshotFooter.SIZE_BYTES);
      expected = Expected.FOOTER;
      return;
    }
    if (chunk.length() < 0 || chunk.length() > Chunk.MAX_BYTES || chunk.number() != chunks + 1) {
      throw new DamagedSnapshot(offset, "there is neither an intact chunk nor a footer");
    }
    head = taken;
    expect(Expected.STATE, taken, chunk.length());
  }

  private void takeState(byte[] taken) throws DamagedSnapshot {
    Chunk chunk = Chunk.decode(head);
    long at = offset - Chunk.HEAD_BYTES;
    Bytes state = Bytes.wrap(taken);
    if (chunk.checksum() != Chunk.checksum(head, state)) {
      throw new DamagedSnapshot(at, "the checksum of chunk " + chunk.number() + " differs");
    }
    try {
      reader.take(state);
    } catch (IllegalArgumentException malformed) {
      throw DamagedSnapshot.noState(at, malformed);
    }
    parts.chunk(chunk, at);
    chunks++;
    stateBytes += taken.length;
    expect(Expected.HEAD, taken, Chunk.HEAD_BYTES);
  }

  private void takeFooter(byte[] taken) throws DamagedSnapshot {
    SnapshotFooter found = SnapshotFooter.decode(taken, offset);
    if (found.chunks() != chunks || found.stateBytes() != stateBytes) {
      throw new DamagedSnapshot(offset, "chunks are missing");
    }
    if (found.fileChecksum() != (int) whole.getValue()) {
      throw new DamagedSnapshot(offset, "the checksum of the whole file differs");
    }
    footer = found;
    parts.footer(found);
    expect(Expected.NOTHING, taken, 0);
  }
}
