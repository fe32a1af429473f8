package raftkv.storage.snapshot;

import java.io.IOException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSource;
import raftkv.port.StateReader;
import raftkv.port.StorageFailure;
import raftkv.port.Worker;
import raftkv.raft.Bytes;
import raftkv.storage.disk.Access;
import raftkv.storage.disk.IoCause;

/**
 * A stored snapshot on its way to a peer. Verified as it is read: the bytes of a file that has
 * rotted are never given to their end (safety rule 6.9). Called on the loop, owned by the worker.
 */
final class Sending implements SnapshotSource {
  private final Disk disk;
  private final Worker worker;
  private final SnapshotFile file;
  private final StateReader checker;
  private final Consumer<String> warnings;
  private final BiConsumer<SnapshotFile, String> whenDamaged;
  private final Runnable whenClosed;

  private @Nullable SnapshotReading reading;

  /** All of the file was read and found right. */
  private boolean verified;

  /** It could not be opened, or is damaged: nothing of it goes out any more. */
  private boolean ended;

  private boolean closed;

  Sending(
      Disk disk,
      Worker worker,
      SnapshotFile file,
      StateReader checker,
      Consumer<String> warnings,
      BiConsumer<SnapshotFile, String> whenDamaged,
      Runnable whenClosed) {
    this.disk = disk;
    this.worker = worker;
    this.file = file;
    this.checker = checker;
    this.warnings = warnings;
    this.whenDamaged = whenDamaged;
    this.whenClosed = whenClosed;
  }

  @Override
  public void read(long offset, int maxBytes, Consumer<@Nullable Bytes> piece) {
    worker.execute(() -> piece.accept(read(offset, maxBytes)));
  }

  @Override
  public void close() {
    worker.execute(
        () -> {
          if (!closed) {
            closed = true;
            Leftovers.close(reading);
            whenClosed.run();
          }
        });
  }

  private @Nullable Bytes read(long offset, int maxBytes) {
    if (ended || closed) {
      return null;
    }
    try {
      return readVerified(offset, maxBytes);
    } catch (StorageFailure unopened) {
      return afterFailure(unopened.getMessage());
    } catch (DamagedSnapshot found) {
      boolean newer = found.reason() == DamagedSnapshot.Reason.NEWER_FORMAT;
      return newer ? afterFailure(found.getMessage()) : afterDamage(found.getMessage());
    } catch (IOException e) {
      return afterDamage("it cannot be read: " + IoCause.of(e));
    }
  }

  private Bytes readVerified(long offset, int maxBytes) throws IOException, DamagedSnapshot {
    if (offset >= file.sizeBytes()) {
      return Bytes.EMPTY;
    }
    SnapshotReading from = reading();
    int wanted = (int) Math.min(maxBytes, file.sizeBytes() - offset);
    while (from.offset() < offset) {
      int gap = (int) Math.min(SnapshotReading.PIECE_BYTES, offset - from.offset());
      checkThere(from.next(gap), gap);
    }
    Bytes piece = from.offset() == offset ? from.next(wanted) : from.read(offset, wanted);
    checkThere(piece, wanted);
    long end = offset + wanted;
    while (from.offset() < end) {
      int gap = (int) Math.min(SnapshotReading.PIECE_BYTES, end - from.offset());
      checkThere(from.next(gap), gap);
    }
    if (from.offset() == file.sizeBytes() && !verified) {
      finish(from);
    }
    return piece;
  }

  private SnapshotReading reading() throws IOException, DamagedSnapshot {
    SnapshotReading open = reading;
    if (open == null) {
      String name = SnapshotNames.of(file.meta().lastIncluded());
      open = new SnapshotReading(Access.open(disk, name), new SnapshotParser(checker));
      reading = open;
      if (open.sizeBytes() != file.sizeBytes()) {
        throw new DamagedSnapshot(
            Math.min(open.sizeBytes(), file.sizeBytes()), "the file has not its size");
      }
    }
    return open;
  }

  /** The last bytes go only if all of it is right. */
  private void finish(SnapshotReading from) throws DamagedSnapshot {
    if (!from.finish().file().equals(file)) {
      throw new DamagedSnapshot(0, "it is another snapshot than the one that was stored");
    }
    verified = true;
  }

  private static void checkThere(Bytes piece, int wanted) throws DamagedSnapshot {
    if (piece.length() != wanted) {
      throw new DamagedSnapshot(0, "the file became shorter");
    }
  }

  /** It may be intact, so it keeps its name: the peer asks again. */
  private @Nullable Bytes afterFailure(@Nullable String sentence) {
    ended = true;
    warnings.accept("a snapshot is not sent: " + sentence);
    return null;
  }

  private @Nullable Bytes afterDamage(@Nullable String sentence) {
    ended = true;
    whenDamaged.accept(file, String.valueOf(sentence));
    return null;
  }
}
