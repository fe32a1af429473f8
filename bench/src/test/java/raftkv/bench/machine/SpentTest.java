package raftkv.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Figures from {@code /proc} of processes whose doings are known. */
@EnabledOnOs(OS.LINUX)
class SpentTest {
  @Test
  void workOfThisProcessIsTheClients() {
    Spent.Look before = Spent.Look.now(List.of(), "none");
    burn(300);

    Spent spent = before.until(Spent.Look.now(List.of(), "none"));

    assertThat(spent.clientCpuSeconds()).isBetween(0.2, 60.0);
    assertThat(spent.serverCpuSeconds()).isZero();
  }

  @Test
  void aProcessThatDoesNotExistSpendsNothing() {
    List<Long> nobody = List.of(Long.MAX_VALUE);
    Spent.Look before = Spent.Look.now(nobody, "none");

    Spent spent = before.until(Spent.Look.now(nobody, "none"));

    assertThat(spent.serverCpuSeconds()).isZero();
    assertThat(spent.writtenBytes()).isZero();
    assertThat(spent.diskBytes()).isZero();
  }

  @Test
  void aProcessHasACommandAndMemory() {
    long own = ProcessHandle.current().pid();
    Proc.Cpu cpu = Proc.cpuOf(own);

    assertThat(cpu).isNotNull();
    assertThat(cpu.command()).isEqualTo("java");
    assertThat(Machine.residentMib(own)).isBetween(10L, Machine.peakMib(own));
  }

  /** Until this thread has used so much processor time, however busy the machine is. */
  private static void burn(long millis) {
    var threads = java.lang.management.ManagementFactory.getThreadMXBean();
    long end = threads.getCurrentThreadCpuTime() + millis * 1_000_000;
    while (threads.getCurrentThreadCpuTime() < end) {
      Thread.onSpinWait();
    }
  }
}
