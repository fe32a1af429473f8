package raftkv.storage.dump;

import java.util.ArrayList;
import java.util.List;

/**
 * One thing that was found in a file.
 *
 * @param kind what it is
 * @param file its plain name
 * @param offset where it begins
 * @param fields what it says, in the order to be shown
 */
public record DumpLine(String kind, String file, long offset, List<Field> fields) {
  /** What stands in the way of taking the file for what it should be. */
  public static final String DAMAGE = "damage";

  /** Something that only a newer version understands. */
  public static final String NEWER = "newer";

  /**
   * One field.
   *
   * @param value a text, a number or a truth value
   */
  public record Field(String name, Object value) {}

  /** Copies the fields. */
  public DumpLine {
    fields = List.copyOf(fields);
  }

  /** A line without fields. */
  public static DumpLine of(String kind, String file, long offset) {
    return new DumpLine(kind, file, offset, List.of());
  }

  /** A line that says what is wrong. */
  public static DumpLine damage(String file, long offset, String what) {
    return of(DAMAGE, file, offset).with("what", what);
  }

  /** This line with one more field. */
  public DumpLine with(String name, Object value) {
    List<Field> more = new ArrayList<>(fields);
    more.add(new Field(name, value));
    return new DumpLine(kind, file, offset, more);
  }
}
