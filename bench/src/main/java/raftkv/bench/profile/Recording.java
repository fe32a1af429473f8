package raftkv.bench.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * A flight recording, read event by event: of a large one, the samples of allocations alone are
 * kept, which come in any order and are counted in that of time.
 */
final class Recording {
  private final Profile profile = new Profile();
  private final List<Allocation> allocations = new ArrayList<>();

  private Recording() {}

  /** A sample of what is allocated: what its thread has allocated since the sample before. */
  private record Allocation(Instant time, long thread, String type, long bytes, Stack stack) {}

  static Profile read(Path file) throws IOException {
    Recording counted = new Recording();
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        counted.count(recording.readEvent());
      }
    }
    counted.countAllocations();
    return counted.profile;
  }

  private void count(RecordedEvent event) {
    switch (event.getEventType().getName()) {
      case "jdk.ExecutionSample" -> profile.ran(stackOf(event));
      case "jdk.NativeMethodSample" ->
          profile.wasNative(nameOf(event.getThread("sampledThread")), stackOf(event));
      case "jdk.ObjectAllocationSample" -> allocations.add(allocationOf(event));
      case "jdk.GCPhasePause" -> profile.paused(event.getDuration());
      default -> {
        // Hundreds of other kinds.
      }
    }
  }

  private static Allocation allocationOf(RecordedEvent event) {
    return new Allocation(
        event.getStartTime(),
        event.getThread() == null ? 0 : event.getThread().getId(),
        event.getClass("objectClass").getName(),
        event.getLong("weight"),
        stackOf(event));
  }

  /** The first sample of each thread speaks of its whole life before the recording: left out. */
  private void countAllocations() {
    Set<Long> threads = new TreeSet<>();
    allocations.sort(Comparator.comparing(Allocation::time));
    for (Allocation allocation : allocations) {
      if (!threads.add(allocation.thread())) {
        profile.allocated(allocation.type(), allocation.bytes(), allocation.stack());
      }
    }
  }

  private static String nameOf(@Nullable RecordedThread thread) {
    if (thread == null) {
      return "(thread that ended)";
    }
    String name = thread.getJavaName();
    return name == null ? thread.getOSName() : name;
  }

  private static Stack stackOf(RecordedEvent event) {
    RecordedStackTrace trace = event.getStackTrace();
    List<String> frames = new ArrayList<>();
    if (trace != null) {
      for (RecordedFrame frame : trace.getFrames()) {
        RecordedMethod method = frame.getMethod();
        String type = method.getType().getName();
        // Made at run time, named anew in each run, and in between only.
        if (!type.contains("$$Lambda")) {
          frames.add(type + "." + method.getName() + ":" + frame.getLineNumber());
        }
      }
    }
    return new Stack(frames);
  }
}
