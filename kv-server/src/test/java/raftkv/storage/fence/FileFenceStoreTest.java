package raftkv.storage.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import raftkv.port.ExitCode;
import raftkv.port.Fence;
import raftkv.port.StateHash;
import raftkv.port.StorageFailure;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.Survival;

/** Hazard 121: the fence outlives the process, and is reported only when it does. */
class FileFenceStoreTest {
  private static final Fence FENCE =
      new Fence(1_024, new StateHash(1, -2), new StateHash(3, Long.MIN_VALUE));

  private final MemoryDisk disk = new MemoryDisk();
  private final List<String> told = new ArrayList<>();
  private final List<Runnable> later = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private void note(@Nullable StorageFailure failure) {
    told.add(failure == null ? "forced" : failure.exitCode() + " " + failure.getMessage());
  }

  private FileFenceStore open(MemoryDisk of) {
    return FileFenceStore.open(of, Runnable::run, later::add, warnings::add);
  }

  private static @Nullable Fence found(MemoryDisk disk) {
    return FileFenceStore.find(disk);
  }

  @Test
  void emptyDirectoryIsNotFenced() {
    assertThat(found(disk)).isNull();
  }

  @Test
  void raisedFenceIsFoundAgainAfterPowerCut() {
    open(disk).raise(FENCE, this::note);

    assertThat(told).containsExactly("forced");
    MemoryDisk left = disk.crash(Survival.none());
    assertThat(found(left)).isEqualTo(FENCE);
    assertThat(open(left).raised()).isEqualTo(FENCE);
  }

  /** Whatever the disk keeps of a crash in any call: no fence was told, or it is there, whole. */
  @Test
  void crashAtAnyCallLeavesNoFenceOrTheWholeOne() {
    for (int calls = 0; calls < 12; calls++) {
      for (Survival survival : List.of(Survival.none(), Survival.all())) {
        MemoryDisk crashing = new MemoryDisk();
        FileFenceStore store = open(crashing);
        int[] left = {calls};
        crashing.guard(
            call -> {
              if (left[0]-- == 0) {
                throw new MemoryDisk.PowerCut(call);
              }
            });
        told.clear();
        try {
          store.raise(FENCE, this::note);
        } catch (MemoryDisk.PowerCut expected) {
          assertThat(told).isEmpty();
        }
        Fence after = found(crashing.crash(survival));
        assertThat(after).isEqualTo(after == null && told.isEmpty() ? null : FENCE);
      }
    }
  }

  /** Lifted only durably (safety rule 7.1). */
  @Test
  void loweredFenceIsGoneAfterPowerCutAndNotBeforeItIsTold() {
    for (int calls = 0; calls < 6; calls++) {
      MemoryDisk crashing = new MemoryDisk();
      FileFenceStore store = open(crashing);
      store.raise(FENCE, this::note);
      int[] left = {calls};
      crashing.guard(
          call -> {
            if (left[0]-- == 0) {
              throw new MemoryDisk.PowerCut(call);
            }
          });
      told.clear();
      try {
        store.lower(this::note);
      } catch (MemoryDisk.PowerCut expected) {
        assertThat(told).isEmpty();
      }

      Fence after = found(crashing.crash(Survival.none()));

      assertThat(after).as("at call %d", calls).isEqualTo(told.isEmpty() ? FENCE : null);
    }
  }

  @Test
  void leftoverOfAnEarlierAttemptIsNoFenceAndNotInTheWay() {
    disk.damage("fence.tmp", new byte[] {1, 2, 3});
    assertThat(found(disk)).isNull();

    open(disk).raise(FENCE, this::note);

    assertThat(found(disk)).isEqualTo(FENCE);
  }

  @Test
  void failedForceIsToldWithItsExitCode() {
    FileFenceStore store = open(disk);
    disk.guard(
        call -> {
          if (call.startsWith("force")) {
            throw new IOException("no space");
          }
        });

    store.raise(FENCE, this::note);

    assertThat(told).hasSize(1);
    assertThat(told.get(0)).startsWith(ExitCode.WRITE_FAILED.toString()).contains("no space");
  }

  /** A full disk is a state: nothing is told, and nobody ends, until there is room. */
  @Test
  void aFullDiskIsTriedAgainUntilThereIsRoom() {
    FileFenceStore store = open(disk);
    disk.guard(MemoryDisk.Guard.fail("write", "No space left on device"));

    store.raise(FENCE, this::note);
    later.remove(0).run();
    assertThat(told).isEmpty();
    assertThat(warnings).containsExactly("no room for disk/fence; trying again");
    disk.guard(call -> {});
    later.remove(0).run();

    assertThat(told).containsExactly("forced");
    assertThat(later).isEmpty();
    assertThat(found(disk.crash(Survival.none()))).isEqualTo(FENCE);
  }

  @Test
  void everyDamagedByteIsRefused() {
    open(disk).raise(FENCE, this::note);
    byte[] whole = disk.contents(FileFenceStore.NAME);
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x10;
      disk.damage(FileFenceStore.NAME, damaged);

      assertThatThrownBy(() -> found(disk))
          .isInstanceOfSatisfying(
              StorageFailure.class,
              failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.DAMAGED));
    }
  }

  @Test
  void cutOrLongerFileIsRefused() {
    open(disk).raise(FENCE, this::note);
    byte[] whole = disk.contents(FileFenceStore.NAME);
    disk.damage(FileFenceStore.NAME, Arrays.copyOf(whole, 20));
    assertThatThrownBy(() -> found(disk)).isInstanceOf(StorageFailure.class);

    disk.damage(FileFenceStore.NAME, Arrays.copyOf(whole, 60));
    assertThatThrownBy(() -> found(disk)).isInstanceOf(StorageFailure.class);
  }
}
