package raftkv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import raftkv.kv.CommandCodec;
import raftkv.kv.KvCommand;
import raftkv.kv.KvStateMachine;
import raftkv.kv.KvValue;
import raftkv.port.EntryCodec;
import raftkv.port.SnapshotStore.Saved;
import raftkv.raft.Bytes;
import raftkv.raft.EntryKind;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.disk.FileDisk;
import raftkv.storage.snapshot.FileSnapshotStore;
import raftkv.storage.wal.LogRecovery;
import raftkv.storage.wal.WalConfig;

/** A server on a directory with a snapshot in it, as a crash may have left it (safety rule 6.6). */
@Timeout(120)
class SnapshotStartTest {
  private static final String PUT = "kv.v1.KvService/Put";
  private static final String GET = "kv.v1.KvService/Get";

  @TempDir Path directory;

  /** First the snapshot ends beyond the log, then both go on together, sessions included. */
  @Test
  void aNodeStartsFromItsSnapshotAndFromWhatIsBehindIt() throws Exception {
    try (LocalCluster alone = new LocalCluster(directory, 1)) {
      alone.start(1);
      put(alone, "before", 7);
      alone.stop(1);
      snapshotWith("only-in-the-snapshot");

      alone.start(1);
      assertThat(get(alone, "before")).contains("\"value\":\"text\"");
      assertThat(get(alone, "only-in-the-snapshot")).contains("\"value\":\"text\"");
      assertThat(put(alone, "before", 7)).contains("\"deduplicated\":true");
      put(alone, "behind", 8);
      alone.stop(1);

      alone.start(1);
      assertThat(get(alone, "only-in-the-snapshot")).contains("\"value\":\"text\"");
      assertThat(get(alone, "behind")).contains("\"value\":\"text\"");
      assertThat(put(alone, "behind", 8)).contains("\"deduplicated\":true");
      assertThat(alone.failures).isEmpty();
    }
  }

  /** The log is whole here, so that nothing is lost with the snapshot. */
  @Test
  void aDamagedSnapshotIsSetAsideAndTheLogIsEnough() throws Exception {
    try (LocalCluster alone = new LocalCluster(directory, 1)) {
      alone.start(1);
      put(alone, "before", 7);
      alone.stop(1);
      Path snapshot = snapshotWith("only-in-the-snapshot");
      byte[] bytes = Files.readAllBytes(snapshot);
      bytes[bytes.length / 2] ^= 1;
      Files.write(snapshot, bytes);

      alone.start(1);

      assertThat(get(alone, "before")).contains("\"value\":\"text\"");
      assertThat(snapshot).doesNotExist();
      assertThat(snapshot.resolveSibling("damaged-" + snapshot.getFileName())).exists();
    }
  }

  /** Replays the log and goes on by one put that it does not have; saves that state. */
  private Path snapshotWith(String key) throws Exception {
    Path node = directory.resolve("node1");
    try (DataDirectory held =
        DataDirectory.open(FileDisk.open(node), new NodeId(1), ignored -> {})) {
      List<LogEntry> entries =
          LogRecovery.recover(held, WalConfig.DEFAULT, ignored -> {}).entries();
      KvStateMachine machine = new KvStateMachine();
      entries.forEach(machine::apply);
      long term = entries.get(entries.size() - 1).term();
      Bytes put =
          CommandCodec.encode(
              new KvCommand.Put(
                  null, Bytes.wrap(key.getBytes(StandardCharsets.UTF_8)), KvValue.text("text")));
      LogPosition next = new LogPosition(machine.appliedIndex() + 1, term);
      machine.apply(new EntryCodec().encode(next, EntryKind.COMMAND, put));
      Saved[] saved = new Saved[1];
      new FileSnapshotStore(
              held.disk(),
              Runnable::run,
              Runnable::run,
              new FileSnapshotStore.Readers(machine::reader, machine::checker),
              List.of(),
              ignored -> {})
          .save(machine.captureState(), term, outcome -> saved[0] = outcome);
      assertThat(saved[0]).isInstanceOf(Saved.Durable.class);
    }
    try (Stream<Path> files = Files.list(node)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".snap"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static String put(LocalCluster alone, String key, int seqNum) throws Exception {
    return alone
        .client(1)
        .call(
            PUT,
            "{\"key\":\""
                + key
                + "\",\"value\":\"text\",\"clientId\":\"c\",\"seqNum\":"
                + seqNum
                + "}");
  }

  private static String get(LocalCluster alone, String key) throws Exception {
    return alone.client(1).call(GET, "{\"key\":\"" + key + "\"}");
  }
}
