package raftkv.port;

/**
 * How the log lies in its files at one moment. Entries take more room there than their bytes, up to
 * fifty times as much when few are written: each batch begins at a sector, each idle marker takes
 * two pages. Never changes; readable by any thread.
 */
public final class LogFiles {
  private final long fileBytes;
  private final long[] beginBehind;

  /**
   * At least one file.
   *
   * @param fileBytes size of each
   * @param beginBehind oldest first, where the log ended when the file was begun; handed over
   */
  public LogFiles(long fileBytes, long[] beginBehind) {
    this.fileBytes = fileBytes;
    this.beginBehind = beginBehind;
  }

  /** Bytes of all of them. */
  public long bytes() {
    return beginBehind.length * fileBytes;
  }

  /** Bytes of those that are needed if a snapshot covers everything up to that index. */
  public long bytesBehind(long index) {
    return (beginBehind.length - fileOf(index)) * fileBytes;
  }

  /**
   * Where the log has to begin, so that what a snapshot up to that index makes needless takes at
   * most so many bytes.
   */
  public long baseFor(long index, long keptBytes) {
    long kept = Math.min(keptBytes / fileBytes, beginBehind.length);
    long file = Math.max(0, fileOf(index) - kept);
    return Math.min(index, beginBehind[(int) file]);
  }

  /** The newest that begins at or before that index: a cut may let a later one begin before. */
  private int fileOf(long index) {
    int file = beginBehind.length - 1;
    while (file > 0 && beginBehind[file] > index) {
      file--;
    }
    return file;
  }
}
