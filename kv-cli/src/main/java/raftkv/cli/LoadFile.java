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
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A file of entries, read twice: once to see that every line is good, before anything is sent, and
 * once to send them. What comes from stdin is kept in a temporary file for that.
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
    if (!name.equals("-")) {
      return new LoadFile(name, Path.of(name), false, limits);
    }
    Path copy = Files.createTempFile("kv-load-", ".txt");
    Files.copy(stdin, copy, StandardCopyOption.REPLACE_EXISTING);
    return new LoadFile("stdin", copy, true, limits);
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
    MessageDigest digest = sha256();
    long entries = 0;
    try (Lines lines = new Lines(new DigestInputStream(Files.newInputStream(path), digest))) {
      while (lines.next() != null) {
        entries++;
      }
    }
    return new Facts(entries, HexFormat.of().formatHex(digest.digest()));
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
    private final InputStream in;
    private byte[] line = new byte[8 << 10];
    private long number;

    Lines(InputStream in) {
      this.in = new BufferedInputStream(in, 64 << 10);
    }

    /** The line that the last entry stood on, from 1. */
    long number() {
      return number;
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

    private @Nullable LoadEntry parsed(int length) {
      try {
        return LoadEntry.parse(line, length, limits);
      } catch (UsageMistake bad) {
        throw mistake(String.valueOf(bad.getMessage()));
      }
    }

    private UsageMistake mistake(String what) {
      return new UsageMistake(
          "line " + number + " of " + name + ": " + what + " (nothing was stored)");
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
          line = java.util.Arrays.copyOf(line, 2 * length);
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
