package raftkv.storage.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import raftkv.kv.KvStateMachine;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSource;
import raftkv.port.SnapshotStore.Incoming;
import raftkv.port.SnapshotStore.Received;
import raftkv.port.StateHash;
import raftkv.port.StateReader;
import raftkv.raft.Bytes;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.MemoryDisk.Guard;
import raftkv.storage.disk.Survival;

/** Snapshots from one store to another, as a transport carries them. */
final class SnapshotTransferTest {
  private final MemoryDisk senderDisk = new MemoryDisk();
  private final MemoryDisk disk = new MemoryDisk();
  private final SnapshotFixture sender = new SnapshotFixture(senderDisk);
  private final SnapshotFixture node = new SnapshotFixture(disk);

  @Test
  void anArrivingSnapshotIsStoredAsItWasSentAndItsStateIsBuilt() {
    SnapshotFile file = sender.saved(500);

    for (int pieceBytes : new int[] {7, 1_000, 1 << 20}) {
      Received received = node.receive(sender, file, pieceBytes);

      assertThat(received).isInstanceOf(Received.Durable.class);
      Received.Durable durable = (Received.Durable) received;
      KvStateMachine restored = new KvStateMachine();
      restored.restore(durable.image());
      assertThat(durable.file()).isEqualTo(file).isEqualTo(node.store.newest());
      assertThat(restored.hash()).isEqualTo(file.hash()).isEqualTo(restored.recomputeHash());
      assertThat(disk.contents(name(file))).isEqualTo(senderDisk.contents(name(file)));
    }
  }

  /** The log behind the others is gone, or (7.1) the state in them was found wrong. */
  @Test
  void anArrivingSnapshotTakesThePlaceOfAllOthers() throws IOException {
    SnapshotFile theirs = sender.saved(250);
    node.saved(200);
    node.saved(300);

    node.receive(sender, theirs, 1_000);

    assertThat(node.store.newest()).isEqualTo(theirs);
    assertThat(disk.list()).containsExactly("identity", "lock", name(theirs));
  }

  /** The own one at the same position was found wrong: it is replaced, never both or none. */
  @Test
  void anArrivingSnapshotOfTheSamePositionReplacesTheOwn() {
    SnapshotFile theirs = sender.saved(200);
    StoredStates other = StoredStates.at(199).upTo(200, 30);
    node.save(other.machine.captureState());
    assertThat(node.store.newest()).isNotEqualTo(theirs);

    node.receive(sender, theirs, 1_000);

    assertThat(node.store.newest()).isEqualTo(theirs);
    assertThat(disk.contents(name(theirs))).isEqualTo(senderDisk.contents(name(theirs)));
  }

  @Test
  void everyFlippedByteOnTheWayIsRefusedAndLeavesNothing() throws IOException {
    SnapshotFile file = sender.saved(30);
    SnapshotFile own = node.saved(10);
    byte[] bytes = senderDisk.contents(name(file));
    for (int at = 0; at < bytes.length; at++) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= (byte) (1 << at % 8);

      Received received = receive(file, flipped);

      assertThat(received).as("byte %d", at).isInstanceOf(Received.Refused.class);
      assertThat(disk.list()).containsExactly("identity", "lock", name(own));
    }
    assertThat(node.store.newest()).isEqualTo(own);
  }

  @Test
  void whatIsTooShortTooLongOrNotWhatWasOfferedIsRefused() throws IOException {
    SnapshotFile file = sender.saved(30);
    byte[] bytes = senderDisk.contents(name(file));
    SnapshotFile otherHash =
        new SnapshotFile(file.meta(), file.hash().plus(new StateHash(0, 1)), file.sizeBytes());
    SnapshotFile otherPlace =
        new SnapshotFile(sender.saved(31).meta(), file.hash(), file.sizeBytes());

    assertThat(receive(file, Arrays.copyOf(bytes, bytes.length - 1))).satisfies(this::refused);
    assertThat(receive(file, Arrays.copyOf(bytes, bytes.length + 1))).satisfies(this::refused);
    assertThat(receive(file, new byte[0])).satisfies(this::refused);
    assertThat(receive(otherHash, bytes)).satisfies(this::refused);
    assertThat(receive(otherPlace, bytes)).satisfies(this::refused);
    assertThat(disk.list()).containsExactly("identity", "lock");
  }

  @Test
  void anAbandonedSnapshotLeavesNothingAndTheNextOneGoesOn() throws IOException {
    SnapshotFile file = sender.saved(30);
    byte[] bytes = senderDisk.contents(name(file));
    Incoming first = node.store.receive(file);
    node.take(first, Bytes.wrap(bytes, 0, 100));
    Incoming second = node.store.receive(file);
    node.take(second, Bytes.wrap(bytes));
    node.take(first, Bytes.wrap(bytes, 100, 100));
    assertThat(node.finish(first)).satisfies(this::refused);
    assertThat(node.finish(second)).isInstanceOf(Received.Durable.class);

    Incoming third = node.store.receive(sender.saved(40));
    node.take(third, Bytes.wrap(bytes, 0, 64));
    third.abandon();
    node.run();

    assertThat(disk.list()).containsExactly("identity", "lock", name(file));
  }

  /** The store remembers who came last until the next one comes, which may be never. */
  @Test
  void anEndedArrivalHoldsNothingOfTheState() {
    SnapshotFile file = sender.saved(30);
    byte[] bytes = senderDisk.contents(name(file));
    List<WeakReference<StateReader>> built = new ArrayList<>();
    Arriving whole = arriving(file, built);
    node.take(whole, Bytes.wrap(bytes));
    assertThat(node.finish(whole)).isInstanceOf(Received.Durable.class);
    Arriving abandoned = arriving(sender.saved(40), built);
    node.take(abandoned, Bytes.wrap(bytes, 0, 64));
    abandoned.abandon();
    node.run();

    await()
        .until(
            () -> {
              System.gc();
              return built.stream().allMatch(reader -> reader.refersTo(null));
            });
    assertThat(List.of(whole, abandoned)).as("still held, as the store does").hasSize(2);
  }

  private Arriving arriving(SnapshotFile file, List<WeakReference<StateReader>> built) {
    StateReader reader = StoredStates.readers().building().get();
    built.add(new WeakReference<>(reader));
    return new Arriving(disk, node, file, reader, named -> {});
  }

  @Test
  void aFullDiskRefusesAndOtherErrorsEndTheNode() throws IOException {
    SnapshotFile file = sender.saved(30);
    byte[] bytes = senderDisk.contents(name(file));
    for (String call : List.of("create", "write", "force snap", "rename", "force dir")) {
      disk.guard(Guard.fail(call, "No space left on device"));
      assertThat(receive(file, bytes)).as(call).satisfies(this::refused);
      disk.guard(Guard.fail(call, "Input/output error"));
      assertThat(receive(file, bytes)).as(call).isInstanceOf(Received.Failed.class);
      disk.guard(ignored -> {});
    }
    disk.freeSpace(file.sizeBytes() - 1);
    assertThat(receive(file, bytes)).satisfies(this::refused);
    disk.freeSpace(1 << 30);
    assertThat(receive(file, bytes)).isInstanceOf(Received.Durable.class);
  }

  /** Else the fence would go, and the next start would take the state that was to be replaced. */
  @Test
  void anOwnOneAboveThatCannotBeDeletedEndsTheNode() throws IOException {
    SnapshotFile own = node.saved(40);
    SnapshotFile theirs = sender.saved(30);
    disk.guard(Guard.fail("delete " + name(own), "Input/output error"));

    Received received = receive(theirs, senderDisk.contents(name(theirs)));

    assertThat(received).isInstanceOf(Received.Failed.class);
    assertThat(((Received.Failed) received).failure())
        .hasMessageContaining(name(own))
        .hasMessageContaining("Input/output error");
  }

  /** One below is of no use any more, and does no harm. */
  @Test
  void anOlderOneThatCannotBeDeletedIsAWarning() throws IOException {
    SnapshotFile own = node.saved(20);
    SnapshotFile theirs = sender.saved(30);
    disk.guard(Guard.fail("delete " + name(own), "Input/output error"));

    Received received = receive(theirs, senderDisk.contents(name(theirs)));

    assertThat(received).isInstanceOf(Received.Durable.class);
    assertThat(node.warnings).singleElement().asString().contains(name(own));
  }

  /** A transfer that was broken goes on where it was, also with another size of pieces. */
  @Test
  void aSourceReadsFromAnyOffset() {
    SnapshotFile file = sender.saved(500);
    byte[] bytes = senderDisk.contents(name(file));
    SnapshotSource source = sender.store.open(file);

    for (int at : new int[] {5_000, 0, 17, bytes.length - 3, 64, bytes.length}) {
      byte[] expected = Arrays.copyOfRange(bytes, at, Math.min(at + 100, bytes.length));
      assertThat(sender.read(source, at, 100)).as("%d", at).isEqualTo(Bytes.wrap(expected));
    }
  }

  /** Safety rule 6.9: a peer never gets all of it, and the next start does not see it. */
  @Test
  void aRottenFileIsNotSentToItsEndAndIsSetAside() throws IOException {
    SnapshotFile older = sender.saved(20);
    SnapshotFile file = sender.saved(30);
    byte[] bytes = senderDisk.contents(name(file));
    for (int at = 0; at < bytes.length; at += 3) {
      SnapshotFixture rotten = new SnapshotFixture(senderDisk.crash(Survival.all()));
      byte[] flipped = bytes.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      ((MemoryDisk) rotten.directory.disk()).damage(name(file), flipped);

      Received received = node.receive(rotten, file, 97);

      assertThat(received).as("byte %d", at).satisfies(this::refused);
      assertThat(rotten.store.newest()).isEqualTo(older);
      assertThat(rotten.warnings).singleElement().asString().contains(name(file), "at offset");
      assertThat(rotten.directory.disk().list()).contains("damaged-" + name(file));
    }
  }

  /**
   * For want of file descriptors: the file is as good as ever, and is sent when it is asked for.
   */
  @Test
  void aFileThatCannotBeOpenedIsNotSentAndKeepsItsName() throws IOException {
    SnapshotFile file = sender.saved(30);
    senderDisk.guard(Guard.fail("open snap", "Too many open files"));

    assertThat(node.receive(sender, file, 97)).satisfies(this::refused);

    assertThat(sender.store.newest()).isEqualTo(file);
    assertThat(sender.warnings).singleElement().asString().contains(name(file), "Too many open");
    senderDisk.guard(ignored -> {});
    assertThat(senderDisk.list()).contains(name(file));
    assertThat(node.receive(sender, file, 97)).isInstanceOf(Received.Durable.class);
  }

  private Received receive(SnapshotFile offered, byte[] bytes) {
    Incoming incoming = node.store.receive(offered);
    for (int at = 0; at < bytes.length; at += 500) {
      node.take(incoming, Bytes.wrap(bytes, at, Math.min(500, bytes.length - at)));
    }
    return node.finish(incoming);
  }

  private void refused(Received received) {
    assertThat(received).isInstanceOf(Received.Refused.class);
    assertThat(((Received.Refused) received).reason()).isNotBlank();
  }

  private static String name(SnapshotFile file) {
    return SnapshotNames.of(file.meta().lastIncluded());
  }
}
