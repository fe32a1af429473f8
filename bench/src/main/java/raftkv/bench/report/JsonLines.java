package raftkv.bench.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A file of results that grows line by line. Whoever writes it may be cut off within a line. */
public final class JsonLines {
  private JsonLines() {}

  /**
   * The whole lines of a file. Half a line counts for nothing, but not in silence.
   *
   * @param told gets a sentence about each line that is not whole
   */
  public static List<JsonLine> read(Path file, Consumer<String> told) throws IOException {
    // Not Files.readAllLines: it gives up where the cut went through a character.
    List<String> texts =
        new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    List<JsonLine> lines = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      JsonLine line = JsonLine.parse(texts.get(i));
      if (line != null) {
        lines.add(line);
      } else if (!texts.get(i).isBlank()) {
        told.accept(
            file + ": line " + (i + 1) + " is not whole and is left out; a run was cut off there");
      }
    }
    return lines;
  }

  /** Adds a line; behind half a line it begins on a new one, or both would be lost. */
  public static void append(Path file, JsonLine line) throws IOException {
    String begin = Files.exists(file) && isCutOff(file) ? "\n" : "";
    Files.writeString(
        file, begin + line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static boolean isCutOff(Path file) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      if (channel.size() == 0) {
        return false;
      }
      ByteBuffer last = ByteBuffer.allocate(1);
      channel.position(channel.size() - 1).read(last);
      return last.get(0) != '\n';
    }
  }
}
