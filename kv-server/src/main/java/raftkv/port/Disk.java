package raftkv.port;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node's data directory. Every file call of the log, the snapshots and the identity goes through
 * here, so that an in-memory disk can take its place and crash between any two of them.
 *
 * <p>Names are plain file names in the one directory. What a call did is durable only after the
 * force that covers it: {@link DiskFile#force} for contents, {@link #forceDirectory} for created,
 * renamed and deleted names (hazard 70). Callable from several threads, as long as each file is
 * used by one thread at a time. The thread must never be interrupted: on a real disk an interrupt
 * closes the file (hazard 84), and the next call fails.
 *
 * <p>Every {@link IOException} is an operating error; callers never retry a failed write or force.
 */
public interface Disk {
  /** Names of all plain files, in ascending order. */
  List<String> list() throws IOException;

  /** Whether a file of that name exists. */
  boolean exists(String name) throws IOException;

  /** Creates an empty file for reading and writing; an existing one is an error. */
  DiskFile create(String name) throws IOException;

  /** Opens an existing file for reading and writing; a missing one is an error. */
  DiskFile open(String name) throws IOException;

  /** Gives the file another name, atomically; a file that has that name is replaced. */
  void rename(String from, String to) throws IOException;

  /** Deletes an existing file. */
  void delete(String name) throws IOException;

  /** Makes durable which names exist, and for which files they stand. */
  void forceDirectory() throws IOException;

  /**
   * Takes the exclusive lock on the file of that name, which is created if missing and never
   * deleted. It ends with {@link Lock#release} or with the process.
   *
   * @return null if another process, or another holder in this one, has it
   */
  @Nullable Lock tryLock(String name) throws IOException;

  /** Bytes that can still be written. */
  long freeSpaceBytes() throws IOException;

  /** The full name of that file, for messages to people. */
  String describe(String name);

  /** An exclusive lock that is held. */
  interface Lock {
    /** Gives it back. The file stays. */
    void release() throws IOException;
  }
}
