package raftkv.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A file of entries, read twice: once to see that every line is good, before anything is sent, and
 * once to send them. What can be read only once, stdin or a pipe, is kept in a temporary file.
 */
final class LoadFile implements AutoCloseable {
  private final String name;
  private final Path path;
  private final boolean temporary;
  private final LoadEntry.Limits limits;

  /**
   * What the first reading found.
   *
   * @param entries lines that are not empty
   * @param digest of the contents, in hex
   */
  record Facts(long entries, String digest) {}

  private LoadFile(String name, Path path, boolean temporary, LoadEntry.Limits limits) {
    this.name = name;
    this.path = path;
    this.temporary = temporary;
    this.limits = limits;
  }

  /** A file by its name, - for stdin. */
  static LoadFile open(String name, InputStream stdin, LoadEntry.Limits limits) throws IOException {
    if (name.equals("-")) {
      return copied("stdin", stdin, limits);
    }
    Path path = Path.of(name);
    if (Files.isRegularFile(path)) {
      return new LoadFile(name, path, false, limits);
    }
    try (InputStream in = Files.newInputStream(path)) {
      return copied(name, in, limits);
    }
  }

  private static LoadFile copied(String name, InputStream in, LoadEntry.Limits limits)
      throws IOException {
    Path copy = Files.createTempFile("kv-load-", ".txt");
    // Whoever interrupts a load does not get as far as close.
    copy.toFile().deleteOnExit();
    Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
    return new LoadFile(name, copy, true, limits);
  }

  String name() {
    return name;
  }

  /**
   * Reads all of it.
   *
   * @throws UsageMistake for the first line that is bad
   */
  Facts check() throws IOException {
    try (Lines lines = lines()) {
      long entries = 0;
      while (lines.next() != null) {
        entries++;
      }
      return new Facts(entries, lines.digest());
    } catch (UsageMistake bad) {
      throw new UsageMistake(bad.getMessage() + " (nothing was stored)");
    }
  }

  Lines lines() throws IOException {
    return new Lines(Files.newInputStream(path));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public void close() throws IOException {
    if (temporary) {
      Files.deleteIfExists(path);
    }
  }

  /** The entries one after another. */
  final class Lines implements AutoCloseable {
    private final MessageDigest digest = sha256();
    private final InputStream in;
    private byte[] line = new byte[8 << 10];
    private long number;

    Lines(InputStream in) {
      this.in = new BufferedInputStream(new DigestInputStream(in, digest), 64 << 10);
    }

    /** The line that the last entry stood on, from 1. */
    long number() {
      return number;
    }

    /** Of the contents, in hex; to be asked once, at the end. */
    String digest() {
      return HexFormat.of().formatHex(digest.digest());
    }

    /** The next entry, or null at the end. */
    @Nullable LoadEntry next() throws IOException {
      for (int length = read(); length >= 0; length = read()) {
        LoadEntry entry = parsed(length);
        if (entry != null) {
          return entry;
        }
      }
      return null;
    }

    /** Whether nothing is left but empty lines, which it reads: they belong to the digest. */
    boolean isAtEnd() throws IOException {
      int next = in.read();
      while (next == '\n' || next == '\r') {
        next = in.read();
      }
      return next < 0;
    }

    private @Nullable LoadEntry parsed(int length) {
      try {
        return LoadEntry.parse(line, length, limits);
      } catch (UsageMistake bad) {
        throw mistake(String.valueOf(bad.getMessage()));
      }
    }

    private UsageMistake mistake(String what) {
      return new UsageMistake("line " + number + " of " + name + ": " + what);
    }

    /** One line without its end, of either kind; its length, or -1 at the end of the file. */
    private int read() throws IOException {
      int length = 0;
      int next = in.read();
      if (next < 0) {
        return -1;
      }
      number++;
      // Every byte may be written as four.
      long longest = 4L * (limits.maxKeyBytes() + limits.maxValueBytes()) + 1;
      while (next >= 0 && next != '\n') {
        if (length > longest) {
          throw mistake("it is longer than any key and value");
        }
        if (length == line.length) {
          line = Arrays.copyOf(line, 2 * length);
        }
        line[length++] = (byte) next;
        next = in.read();
      }
      return length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
