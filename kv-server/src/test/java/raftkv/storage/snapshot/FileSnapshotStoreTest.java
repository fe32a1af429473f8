package raftkv.storage.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import raftkv.kv.KvStateMachine;
import raftkv.port.ExitCode;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSource;
import raftkv.port.SnapshotStore.Saved;
import raftkv.port.StateCapture;
import raftkv.port.StateHash;
import raftkv.raft.Bytes;
import raftkv.raft.Roster;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.MemoryDisk.Guard;
import raftkv.storage.disk.Survival;

final class FileSnapshotStoreTest {
  private final MemoryDisk disk = new MemoryDisk();
  private final SnapshotFixture node = new SnapshotFixture(disk);

  /** A capture that claims to be of another state than it writes. */
  private record Lying(StateCapture capture, StateHash hash) implements StateCapture {
    @Override
    public long index() {
      return capture.index();
    }

    @Override
    public Roster roster() {
      return capture.roster();
    }

    @Override
    public Iterator<Bytes> pieces() {
      return capture.pieces();
    }
  }

  @Test
  void aSavedSnapshotIsFoundAtTheNextStartWithItsState() {
    StoredStates state = StoredStates.at(500);
    Saved saved = node.save(state.machine.captureState());

    SnapshotFixture again = new SnapshotFixture(disk.crash(survivingNothing()));

    SnapshotFile file = ((Saved.Durable) saved).file();
    assertThat(again.found.newest()).isEqualTo(file).isEqualTo(node.store.newest());
    assertThat(file.meta().lastIncluded().index()).isEqualTo(500);
    assertThat(file.meta().lastIncluded().term()).isEqualTo(StoredStates.TERM);
    assertThat(file.meta().roster()).isEqualTo(state.machine.roster());
    KvStateMachine restored = new KvStateMachine();
    restored.restore(Objects.requireNonNull(again.found.image()));
    assertThat(restored.hash()).isEqualTo(state.machine.hash()).isEqualTo(file.hash());
  }

  /** Each mebibyte is one step to write and one to read back. */
  @Test
  void pausesBetweenStepsUntilSomebodyIsInAHurry() {
    StoredStates state = StoredStates.at(1).upTo(8, 1 << 20);
    node.save(state.machine.captureState());
    assertThat(node.pauses).isBetween(12, 18);
    int before = node.pauses;

    List<Saved> outcome = new ArrayList<>();
    StateCapture next = state.upTo(9, 20).machine.captureState();
    node.store.save(next, StoredStates.TERM, outcome::add);
    node.store.hurry();
    node.run();

    assertThat(outcome).hasSize(1).first().isInstanceOf(Saved.Durable.class);
    assertThat(node.pauses).isEqualTo(before);
  }

  /** Two replicas write the same bytes: whoever compares files compares states. */
  @Test
  void equalStatesGiveEqualFiles() {
    MemoryDisk other = new MemoryDisk();
    SnapshotFixture elsewhere = new SnapshotFixture(other);

    String name = name(node.saved(300));
    elsewhere.saved(300);

    assertThat(disk.contents(name)).isEqualTo(other.contents(name));
  }

  /** Hazard 70: contents before the name, the name before anybody is told. */
  @Test
  void callsTheDiskInAnOrderThatSurvivesPowerCuts() {
    int before = disk.trace().size();

    String name = name(node.saved(20));

    List<String> calls =
        disk.trace().subList(before, disk.trace().size()).stream()
            .map(call -> call.replaceAll(" [0-9]+\\+[0-9]+", ""))
            .distinct()
            .toList();
    String unfinished = name + ".saved.tmp";
    assertThat(calls)
        .containsExactly(
            "create " + unfinished,
            "write " + unfinished,
            "force " + unfinished,
            "rename " + unfinished + " " + name,
            "force directory");
  }

  @Test
  void theNewestAndTheOneBeforeAreKept() {
    node.saved(100);
    SnapshotFile before = node.saved(200);
    SnapshotFile newest = node.saved(300);

    assertThat(snapshots()).containsExactly(name(before), name(newest));
    assertThat(new SnapshotFixture(disk.crash(survivingNothing())).found.stored())
        .containsExactly(newest, before);
  }

  @Test
  void aSnapshotThatIsBeingSentStaysUntilItsSourceIsClosed() {
    SnapshotFile sent = node.saved(100);
    SnapshotSource source = node.store.open(sent);
    node.saved(200);
    SnapshotFile newest = node.saved(300);

    assertThat(node.read(source, 0, 10)).isNotNull();
    assertThat(snapshots()).contains(name(sent));
    source.close();
    source.close();
    node.run();

    assertThat(snapshots()).hasSize(2).doesNotContain(name(sent)).contains(name(newest));
  }

  @Test
  void theSameStateIsNotWrittenTwice() {
    SnapshotFile first = node.saved(100);
    int before = disk.trace().size();

    assertThat(node.saved(100)).isEqualTo(first);
    assertThat(disk.trace()).hasSize(before);
  }

  /** Safety rule 6.9: what the file says is not what the state machine kept. */
  @Test
  void aStateWithAnotherHashThanItsFileIsTold() {
    StateCapture capture = StoredStates.at(100).machine.captureState();
    StateHash wrong = capture.hash().plus(new StateHash(0, 1));

    Saved saved = node.save(new Lying(capture, wrong));

    assertThat(saved).isEqualTo(new Saved.Differs(wrong, capture.hash()));
    assertThat(names()).noneMatch(name -> name.contains("snapshot"));
    assertThat(node.store.newest()).isNull();
  }

  /** Every disk has it at some time: no room is no error, whenever it shows. */
  @Test
  void aFullDiskLeavesNothingBehind() {
    SnapshotFile before = node.saved(100);
    for (String call : List.of("create", "write", "force snap", "rename")) {
      disk.guard(Guard.fail(call, "No space left on device"));

      Saved saved = node.save(StoredStates.at(200).machine.captureState());

      disk.guard(ignored -> {});
      assertThat(saved).as(call).isEqualTo(new Saved.NoRoom());
      assertThat(names()).as(call).noneMatch(name -> name.endsWith(".tmp"));
      assertThat(node.store.newest()).isEqualTo(before);
    }
    assertThat(node.saved(200)).isEqualTo(node.store.newest());
  }

  @Test
  void whenTheDiskIsFullTheOlderSnapshotGoesFirst() {
    node.saved(100);
    SnapshotFile newest = node.saved(200);
    disk.freeSpace(newest.sizeBytes());

    Saved saved = node.save(StoredStates.at(300).machine.captureState());

    assertThat(saved).isEqualTo(new Saved.NoRoom());
    assertThat(snapshots()).containsExactly(name(newest));
  }

  @Test
  void anyOtherErrorEndsTheNode() {
    for (String call : List.of("create", "write", "force snap", "read", "rename", "force dir")) {
      disk.guard(Guard.fail(call, "Input/output error"));

      Saved saved = node.save(StoredStates.at(200).machine.captureState());

      disk.guard(ignored -> {});
      assertThat(saved).as(call).isInstanceOf(Saved.Failed.class);
      Saved.Failed failed = (Saved.Failed) saved;
      assertThat(failed.failure().exitCode()).isEqualTo(ExitCode.WRITE_FAILED);
      assertThat(failed.failure()).hasMessageContaining("disk/snapshot-");
    }
  }

  /** A snapshot that is sent waits for a part of one that is written, not for all of it. */
  @Test
  void readsGoBetweenTheStepsOfASave() {
    SnapshotFile file = node.saved(20);
    StateCapture large = StoredStates.at(100).upTo(140, 1 << 20).machine.captureState();
    boolean[] saved = new boolean[1];
    boolean[] read = new boolean[1];
    node.store.save(large, StoredStates.TERM, outcome -> saved[0] = true);
    node.runOne();
    node.store.open(file).read(0, 100, piece -> read[0] = true);

    node.runOne();
    node.runOne();

    assertThat(read[0]).isTrue();
    assertThat(saved[0]).isFalse();
    node.run();
    assertThat(saved[0]).isTrue();
  }

  private List<String> names() {
    try {
      return disk.list();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> snapshots() {
    return names().stream().filter(name -> SnapshotNames.position(name) != null).toList();
  }

  static String name(SnapshotFile file) {
    return SnapshotNames.of(file.meta().lastIncluded());
  }

  private static Survival survivingNothing() {
    return Survival.none();
  }
}
