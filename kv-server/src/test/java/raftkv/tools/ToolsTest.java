package raftkv.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.raft.Bytes;
import raftkv.raft.NodeId;
import raftkv.storage.NodeFiles;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.disk.FileDisk;

final class ToolsTest {
  private static final String FIRST = "segment-0000000001.wal";

  @TempDir Path temporary;

  private Path directory;
  private Path snapshot;

  /** What a tool printed, and what the process would end with. */
  private record Run(ExitCode code, List<String> out, List<String> err) {
    List<String> faults() {
      return out.stream().filter(l -> l.contains(" DAMAGE ") || l.contains(" NEWER ")).toList();
    }
  }

  @BeforeEach
  void writeTheFiles() throws IOException {
    directory = temporary.resolve("node1");
    NodeFiles.write(FileDisk.open(directory), NodeFiles.Shape.TINY);
    List<Path> snapshots = files("snapshot-");
    snapshot = snapshots.get(snapshots.size() - 1);
  }

  @Test
  void walDumpShowsEveryRecordAndEveryEntry() {
    Run run = run("wal-dump", directory.toString());

    assertThat(run.code).isEqualTo(ExitCode.CLEAN);
    assertThat(run.err).isEmpty();
    assertThat(run.out.get(0)).isEqualTo("identity:0 identity node=1 cluster=" + NodeFiles.CLUSTER);
    assertThat(run.out.get(1)).startsWith(FIRST + ":0 segment last=0@0 commit=0 term=0 votedFor=");
    assertThat(run.out).filteredOn(line -> line.contains(" entry index=")).hasSize(50);
    assertThat(run.out)
        .anyMatch(
            line ->
                line.endsWith(
                    " entry index=5 term=3 kind=COMMAND bytes=75 put key5 (10 bytes) by client2"
                        + " number 5"))
        .anyMatch(line -> line.contains(" batch record=3 entries=1 ") && line.contains("last=2@3"))
        .anyMatch(line -> line.contains(" close ") && line.startsWith(FIRST))
        .anyMatch(line -> line.contains(" marker "))
        .anyMatch(line -> line.contains("kind=SETTINGS") && line.contains(", node 2 "))
        .anyMatch(line -> line.contains(" prepared bytes=16384"));
  }

  @Test
  void snapshotDumpShowsEveryPartAndWhatIsInIt() {
    Run run = run("snapshot-dump", snapshot.toString());

    assertThat(run.code).isEqualTo(ExitCode.CLEAN);
    assertThat(run.out.get(0))
        .isEqualTo(snapshot.getFileName() + ":0 snapshot last=33@3 cluster=" + NodeFiles.CLUSTER);
    assertThat(run.out).filteredOn(line -> line.contains(" member node=")).hasSize(3);
    assertThat(run.out).filteredOn(line -> line.contains(" entry key=key")).hasSize(7);
    assertThat(run.out).filteredOn(line -> line.contains(" session client=client")).hasSize(3);
    assertThat(run.out).filteredOn(line -> line.contains(" answer seqNum=")).hasSize(32);
    assertThat(run.out).anyMatch(line -> line.contains(" chunk number=1 "));
    assertThat(run.out.get(run.out.size() - 1)).contains(" verified bytes=").contains(" hash=");
  }

  @Test
  void verifySaysWhatAStartWouldComeTo() {
    Run run = run("verify", directory.toString());

    assertThat(run.code).isEqualTo(ExitCode.CLEAN);
    assertThat(run.out).filteredOn(line -> line.contains(" verified bytes=")).hasSize(2);
    assertThat(run.out)
        .anyMatch(line -> line.contains(" log base=0@0 entries=50 commit=50 term=3 votedFor=2 "))
        .anyMatch(line -> line.contains(" state applied=50 keys=7 sessions=3 hash="));
    assertThat(run.out.get(run.out.size() - 1)).isEqualTo(".:0 result faults=0 intact");
  }

  @Test
  void damageIsPointedOutWithFileAndOffset() throws IOException {
    int record = firstBatch();
    int entry = record + 128;
    flip(directory.resolve(FIRST), entry + 40);
    flip(snapshot, 64 + 54 + 20);

    Run log = run("wal-dump", directory.toString());
    Run file = run("snapshot-dump", snapshot.toString());
    Run all = run("verify", directory.toString());

    assertThat(log.code).isEqualTo(ExitCode.DAMAGED);
    assertThat(log.faults())
        .containsExactly(FIRST + ":" + entry + " DAMAGE entry of the batch: checksum differs");
    assertThat(log.out).filteredOn(line -> line.contains(" entry index=")).hasSize(49);
    assertThat(file.code).isEqualTo(ExitCode.DAMAGED);
    assertThat(file.faults())
        .containsExactly(
            snapshot.getFileName() + ":118 DAMAGE at offset 118: the checksum of chunk 1 differs");
    assertThat(all.code).isEqualTo(ExitCode.DAMAGED);
    assertThat(all.faults()).hasSize(2).last().asString().contains(FIRST, "offset " + record);
    assertThat(all.out.get(all.out.size() - 1)).contains("faults=2 not intact");
  }

  @Test
  void aLostRecordAMissingFileAndATornTailAreToldApart() throws IOException {
    int record = firstBatch();
    flip(directory.resolve(FIRST), record + 20);
    assertThat(run("wal-dump", directory.toString()).faults())
        .containsExactly(
            FIRST
                + (":" + record + " DAMAGE what stands there was forced, as the record at ")
                + (record + 512 + " shows"));
    flip(directory.resolve(FIRST), record + 20);

    Path last = lastEntered();
    byte[] bytes = Files.readAllBytes(last);
    bytes[bytes.length - 3] = 1;
    Files.write(last, bytes);
    Run torn = run("wal-dump", directory.toString());
    assertThat(torn.code).isEqualTo(ExitCode.CLEAN);
    assertThat(torn.out).anyMatch(line -> line.contains(" tail bytes=") && line.contains("torn"));
    assertThat(run("verify", directory.toString()).out)
        .anyMatch(line -> line.contains(" warning ") && line.contains("torn tail cut at offset"));

    Files.delete(directory.resolve("segment-0000000002.wal"));
    assertThat(run("wal-dump", directory.toString()).faults().get(0))
        .isEqualTo(
            "segment-0000000002.wal:0 DAMAGE the file is missing, and the log goes on there");
  }

  @Test
  void eachLineIsAJsonObjectIfAskedFor() throws IOException {
    flip(snapshot, 200);
    for (List<String> command :
        List.of(
            List.of("wal-dump", "--json", directory.toString()),
            List.of("snapshot-dump", snapshot.toString(), "--json"),
            List.of("verify", "--json", directory.toString()))) {
      Run run = run(command.toArray(new String[0]));

      assertThat(run.out)
          .isNotEmpty()
          .allMatch(
              line -> line.matches("\\{\"file\":\"[^\"]+\",\"offset\":[0-9]+,\"type\":\".*}"));
    }
    assertThat(run("verify", "--json", directory.toString()).out)
        .anyMatch(line -> line.contains("\"type\":\"damage\""))
        .anyMatch(line -> line.contains("\"applied\":50,"));
  }

  @Test
  void whatIsMissingForeignOrWronglyCalledIsOneLineAndAStatus() throws IOException {
    Path foreign = Files.createDirectory(temporary.resolve("photos"));
    Files.writeString(foreign.resolve("a.txt"), "text");
    Path missing = temporary.resolve("nowhere");

    for (String tool : List.of("wal-dump", "verify")) {
      refused(ExitCode.UNAVAILABLE, "does not exist", tool, missing.toString());
      refused(ExitCode.UNAVAILABLE, "no directory", tool, snapshot.toString());
      refused(ExitCode.IDENTITY, "no data directory", tool, foreign.toString());
    }
    refused(ExitCode.UNAVAILABLE, "does not exist", "snapshot-dump", missing.toString());
    refused(ExitCode.IDENTITY, "is a directory", "snapshot-dump", foreign.toString());
    refused(ExitCode.IDENTITY, "no snapshot", "snapshot-dump", foreign.resolve("a.txt").toString());
    refused(ExitCode.USAGE, "[--json] DIR", "wal-dump");
    refused(ExitCode.USAGE, "[--json] DIR", "verify", "a", "b");
    refused(ExitCode.USAGE, "[--json] FILE", "snapshot-dump", "--all");
    assertThat(run("verify", "--help").out).containsExactly("kv-server verify [--json] DIR");
  }

  /** With the status of a start on the same files. */
  @Test
  void aDamagedOrMissingIdentityIsAFault() throws IOException {
    flip(directory.resolve("identity"), 8);
    Run damaged = run("verify", directory.toString());
    assertThat(damaged.code).isEqualTo(ExitCode.IDENTITY).isEqualTo(statusOfAStart());
    assertThat(damaged.faults()).singleElement().asString().contains("identity:0 DAMAGE");
    assertThat(run("wal-dump", directory.toString()).code).isEqualTo(ExitCode.IDENTITY);

    Files.delete(directory.resolve("identity"));
    Run missing = run("verify", directory.toString());
    assertThat(missing.code).isEqualTo(ExitCode.IDENTITY).isEqualTo(statusOfAStart());
    assertThat(missing.faults())
        .containsExactly("identity:0 DAMAGE the file is missing, but there is a log");
  }

  private ExitCode statusOfAStart() {
    return catchThrowableOfType(
            StorageFailure.class, () -> NodeFiles.start(FileDisk.open(directory), NodeFiles.SMALL))
        .exitCode();
  }

  @Test
  void aNewerFormatHasAStatusOfItsOwn() throws IOException {
    byte[] bytes = Files.readAllBytes(snapshot);
    ByteBuffer.wrap(bytes).putShort(4, (short) 2);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, 60);
    ByteBuffer.wrap(bytes).putInt(60, (int) crc.getValue());
    Files.write(snapshot, bytes);

    Run run = run("snapshot-dump", snapshot.toString());

    assertThat(run.code).isEqualTo(ExitCode.NEWER_FORMAT);
    assertThat(run.faults()).singleElement().asString().contains("format 2");
    assertThat(run("verify", directory.toString()).code).isEqualTo(ExitCode.NEWER_FORMAT);
  }

  /** Neither a byte, nor a name, nor a time: intact, damaged, torn, and while a node holds it. */
  @Test
  void toolsTakeNoLockAndNeverWrite() throws IOException {
    flip(snapshot, 200);
    Path last = lastEntered();
    byte[] torn = Files.readAllBytes(last);
    torn[torn.length - 3] = 1;
    Files.write(last, torn);
    Files.write(directory.resolve("snapshot-1.snap.tmp"), new byte[10]);
    for (Path file : files("")) {
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    }
    Files.setLastModifiedTime(directory, FileTime.fromMillis(1_000_000));
    Map<String, Bytes> before = contents();

    try (DataDirectory held =
        DataDirectory.open(FileDisk.open(directory), new NodeId(1), ignored -> {})) {
      assertThat(held.node()).isEqualTo(new NodeId(1));
      assertThat(run("wal-dump", directory.toString()).out).isNotEmpty();
      assertThat(run("snapshot-dump", snapshot.toString()).out).isNotEmpty();
      assertThat(run("verify", directory.toString()).out).isNotEmpty();
    }

    assertThat(contents()).isEqualTo(before);
    assertThat(Files.getLastModifiedTime(directory).toMillis()).isEqualTo(1_000_000);
    for (Path file : files("")) {
      assertThat(Files.getLastModifiedTime(file).toMillis()).as("%s", file).isEqualTo(1_000_000);
    }
  }

  private void refused(ExitCode code, String sentence, String... arguments) {
    Run run = run(arguments);

    assertThat(run.code).isEqualTo(code);
    assertThat(run.out).isEmpty();
    assertThat(run.err).singleElement().asString().contains(sentence);
    assertThat(run.err.get(0)).startsWith("kv-server " + arguments[0] + ": ");
  }

  private static Run run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    assertThat(Tools.isTool(arguments)).isTrue();
    ExitCode code =
        Tools.run(
            arguments,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Run(code, lines(out), lines(err));
  }

  private static List<String> lines(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private int firstBatch() {
    return run("wal-dump", directory.toString()).out.stream()
        .filter(line -> line.contains(" batch "))
        .mapToInt(line -> Integer.parseInt(line.substring(FIRST.length() + 1, line.indexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  private Path lastEntered() throws IOException {
    Path last = directory;
    for (Path segment : files("segment-")) {
      last = Files.readAllBytes(segment)[0] == 0 ? last : segment;
    }
    return last;
  }

  private List<Path> files(String prefix) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return new ArrayList<>(
          all.filter(file -> file.getFileName().toString().startsWith(prefix)).sorted().toList());
    }
  }

  private Map<String, Bytes> contents() throws IOException {
    Map<String, Bytes> contents = new TreeMap<>();
    for (Path file : files("")) {
      contents.put(file.getFileName().toString(), Bytes.wrap(Files.readAllBytes(file)));
    }
    return contents;
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }
}
