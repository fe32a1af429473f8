package raftkv.storage.snapshot;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;

/** Clears away what came to nothing. It counts for nothing, so errors on the way are no matter. */
final class Leftovers {
  private Leftovers() {}

  static void delete(Disk disk, String unfinished) {
    try {
      if (disk.exists(unfinished)) {
        disk.delete(unfinished);
      }
    } catch (IOException e) {
      // It stays, and is deleted at the next start or before the next file of that name.
      return;
    }
  }

  static void close(@Nullable AutoCloseable file) {
    if (file == null) {
      return;
    }
    try {
      file.close();
    } catch (Exception e) {
      // Nothing that was written there is wanted any more.
      return;
    }
  }
}
