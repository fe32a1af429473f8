package raftkv.tools;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import raftkv.kv.KvStateMachine;
import raftkv.port.Disk;
import raftkv.port.ExitCode;
import raftkv.port.Fence;
import raftkv.port.SnapshotFile;
import raftkv.port.StateImage;
import raftkv.port.StorageFailure;
import raftkv.raft.DurableState;
import raftkv.raft.LogEntry;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.disk.OverlayDisk;
import raftkv.storage.disk.ReadOnlyDisk;
import raftkv.storage.dump.DumpLine;
import raftkv.storage.fence.FileFenceStore;
import raftkv.storage.snapshot.FileSnapshotStore;
import raftkv.storage.snapshot.SnapshotDump;
import raftkv.storage.snapshot.SnapshotRecovery;
import raftkv.storage.wal.LogRecovery;
import raftkv.storage.wal.RecoveredLog;
import raftkv.storage.wal.WalConfig;

/**
 * {@code verify DIR}: runs a start over the directory, without its consequences, and says what it
 * would come to. Every snapshot is read as a whole, and what the log knows to be committed is
 * applied.
 */
record VerifyTool(Path directory) implements Tool {
  private static final String LOG = "segment-*";

  @Override
  public ExitCode run(Printer printer) throws IOException, NotOurs {
    Disk files = new ReadOnlyDisk(directory);
    DataDirectory.Owner owner = OurDirectory.identify(directory, files, printer).owner();
    for (String name : SnapshotDump.names(files)) {
      snapshot(files, name, printer);
    }
    if (owner != null) {
      start(new OverlayDisk(files), owner, printer);
    }
    printer.accept(
        DumpLine.of("result", ".", 0)
            .with("faults", printer.faults())
            .with("what", printer.faults() == 0 ? "intact" : "not intact, see above"));
    return printer.exitCode();
  }

  /** Its parts are not of interest here, only whether they are right. */
  private static void snapshot(Disk files, String name, Printer printer) throws IOException {
    SnapshotDump.dump(
        files,
        name,
        new KvStateMachine().checker(),
        line -> {
          boolean part = line.kind().equals("chunk") || line.kind().equals("member");
          if (!part && !line.kind().equals("footer")) {
            printer.accept(line);
          }
        });
  }

  private static void start(Disk disk, DataDirectory.Owner owner, Printer printer) {
    try {
      DataDirectory opened =
          DataDirectory.open(disk, owner.node(), line -> warn(printer, "identity", line));
      RecoveredLog log =
          LogRecovery.recover(opened, WalConfig.DEFAULT, line -> warn(printer, LOG, line));
      KvStateMachine machine = new KvStateMachine();
      SnapshotRecovery.Found found =
          SnapshotRecovery.recover(
              opened,
              new FileSnapshotStore.Readers(machine::reader, machine::checker),
              line -> warn(printer, "snapshot-*", line));
      SnapshotFile newest = found.newest();
      DurableState durable = log.startingFrom(newest == null ? null : newest.meta());
      log(durable, printer);
      replay(machine, found.image(), durable, printer);
      fence(FileFenceStore.find(disk), printer);
    } catch (StorageFailure failure) {
      fault(printer, failure.exitCode(), LOG, String.valueOf(failure.getMessage()));
    }
  }

  private static void log(DurableState durable, Printer printer) {
    printer.accept(
        DumpLine.of("log", LOG, 0)
            .with("base", durable.base().toString())
            .with("entries", durable.entries().size())
            .with("commit", durable.commitIndex())
            .with("term", durable.hardState().term())
            .with("votedFor", String.valueOf(durable.hardState().votedFor()))
            .with("incarnation", durable.hardState().incarnation().toString())
            .with("admitted", durable.hardState().admitted()));
  }

  /** Applies what is committed and checks the hash that was kept against all contents. */
  private static void replay(
      KvStateMachine machine, @Nullable StateImage image, DurableState durable, Printer printer) {
    if (image != null) {
      machine.restore(image);
    }
    try {
      for (LogEntry entry : durable.entries()) {
        if (entry.index() == machine.appliedIndex() + 1 && entry.index() <= durable.commitIndex()) {
          machine.apply(entry);
        }
      }
    } catch (IllegalStateException unexpected) {
      fault(printer, ExitCode.DAMAGED, LOG, String.valueOf(unexpected.getMessage()));
      return;
    }
    if (!machine.hash().equals(machine.recomputeHash())) {
      fault(printer, ExitCode.DAMAGED, LOG, "the state's hash is not that of its contents");
    }
    printer.accept(
        DumpLine.of("state", ".", 0)
            .with("applied", machine.appliedIndex())
            .with("keys", machine.keyCount())
            .with("sessions", machine.sessionCount())
            .with("hash", machine.hash().toString()));
  }

  private static void fence(@Nullable Fence fence, Printer printer) {
    if (fence != null) {
      printer.accept(
          DumpLine.of("fence", FileFenceStore.NAME, 0)
              .with("index", fence.index())
              .with("own", fence.own().toString())
              .with("majority", fence.majority().toString()));
    }
  }

  private static void warn(Printer printer, String file, String line) {
    printer.accept(DumpLine.of("warning", file, 0).with("what", line));
  }

  private static void fault(Printer printer, ExitCode code, String file, String what) {
    if (code == ExitCode.DAMAGED || code == ExitCode.NEWER_FORMAT) {
      String kind = code == ExitCode.DAMAGED ? DumpLine.DAMAGE : DumpLine.NEWER;
      printer.accept(DumpLine.of(kind, file, 0).with("what", what));
      return;
    }
    printer.fault(DumpLine.of("fault", file, 0).with("what", what), code);
  }
}
