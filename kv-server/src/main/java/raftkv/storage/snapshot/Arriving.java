package raftkv.storage.snapshot;

import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.ExitCode;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotStore.Incoming;
import raftkv.port.SnapshotStore.Received;
import raftkv.port.StateReader;
import raftkv.port.StorageFailure;
import raftkv.port.Worker;
import raftkv.raft.Bytes;
import raftkv.storage.disk.IoCause;
import raftkv.storage.disk.Room;

/**
 * A snapshot that comes from a peer: verified and written piece by piece, its state built on the
 * way. Called on the loop, owned by the worker.
 */
final class Arriving implements Incoming {
  private final Disk disk;
  private final Worker worker;
  private final SnapshotFile offered;
  private final String unfinished;
  private final Consumer<SnapshotFile> whenNamed;

  /**
   * With the state that it builds; let go of at the end, for the store keeps this until the next.
   */
  private @Nullable SnapshotParser parser;

  private @Nullable SnapshotOutput output;
  private @Nullable String refusal;
  private @Nullable StorageFailure failure;

  Arriving(
      Disk disk,
      Worker worker,
      SnapshotFile offered,
      StateReader reader,
      Consumer<SnapshotFile> whenNamed) {
    this.disk = disk;
    this.worker = worker;
    this.offered = offered;
    this.unfinished = SnapshotNames.arriving(offered.meta().lastIncluded());
    this.parser = new SnapshotParser(reader);
    this.whenNamed = whenNamed;
  }

  @Override
  public void take(Bytes piece, Runnable next) {
    worker.execute(
        () -> {
          write(piece);
          next.run();
        });
  }

  @Override
  public void finish(Consumer<Received> done) {
    worker.execute(() -> done.accept(end()));
  }

  @Override
  public void abandon() {
    worker.execute(this::drop);
  }

  private void write(Bytes piece) {
    SnapshotParser reading = parser;
    if (reading == null || refusal != null || failure != null) {
      return;
    }
    try {
      SnapshotOutput out = output;
      if (out == null) {
        out = begin();
        output = out;
      }
      if (out.sizeBytes() + piece.length() > offered.sizeBytes()) {
        refusal = "more bytes came than were offered";
        return;
      }
      reading.take(piece);
      out.raw(piece);
    } catch (DamagedSnapshot damaged) {
      refusal = "what came is damaged " + damaged.getMessage();
    } catch (IOException e) {
      afterError(e);
    }
  }

  private SnapshotOutput begin() throws IOException {
    if (!Room.hasFor(disk, offered.sizeBytes())) {
      throw new IOException("no space left for " + offered.sizeBytes() + " bytes");
    }
    return new SnapshotOutput(disk, unfinished);
  }

  private Received end() {
    Received received = failure == null ? verifyAndName() : new Received.Failed(failure);
    drop();
    return received;
  }

  private Received verifyAndName() {
    SnapshotOutput out = output;
    SnapshotParser reading = parser;
    if (reading == null || refusal != null || out == null) {
      return new Received.Refused(refusal == null ? "nothing of it came" : refusal);
    }
    try {
      SnapshotParser.Verified verified = reading.finish();
      if (!verified.file().equals(offered)) {
        return new Received.Refused("what came is another snapshot than was offered");
      }
      out.force();
      out.close();
      disk.rename(unfinished, SnapshotNames.of(offered.meta().lastIncluded()));
      disk.forceDirectory();
      whenNamed.accept(offered);
      return new Received.Durable(offered, verified.image());
    } catch (DamagedSnapshot damaged) {
      return new Received.Refused("what came is damaged " + damaged.getMessage());
    } catch (StorageFailure notAlone) {
      return new Received.Failed(notAlone);
    } catch (IOException e) {
      afterError(e);
      return failure == null
          ? new Received.Refused(String.valueOf(refusal))
          : new Received.Failed(failure);
    }
  }

  private void afterError(IOException error) {
    String file = disk.describe(unfinished);
    if (Room.isWantedBy(error, disk)) {
      refusal = "there is no room for " + file;
    } else {
      failure =
          new StorageFailure(
              ExitCode.WRITE_FAILED, "write of " + file + " failed: " + IoCause.of(error), error);
    }
  }

  private void drop() {
    if (parser != null) {
      parser = null;
      Leftovers.close(output);
      Leftovers.delete(disk, unfinished);
    }
  }
}
