package raftkv.kv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import raftkv.raft.Check;

/**
 * Marks by ascending seq_num: mostly appended at the end and taken from the front. An array, since
 * a tree of boxed numbers would cost more than the marks.
 */
final class MarkList {
  private static final Mark[] NONE = {};

  private @Nullable Mark[] marks = NONE;
  private int first;
  private int size;

  int size() {
    return size;
  }

  Mark at(int place) {
    Mark mark = marks[first + place];
    if (mark == null) {
      throw new IndexOutOfBoundsException("no mark at " + place + " of " + size);
    }
    return mark;
  }

  /** Another list of the same marks. */
  MarkList copy() {
    MarkList copy = new MarkList();
    if (size > 0) {
      copy.marks = Arrays.copyOfRange(marks, first, first + size);
      copy.size = size;
    }
    return copy;
  }

  @Nullable Mark find(long seqNum) {
    int place = placeOf(seqNum);
    return place < size && at(place).seqNum == seqNum ? at(place) : null;
  }

  void add(Mark mark) {
    if (first + size == marks.length) {
      makeRoom();
    }
    int place = first + placeOf(mark.seqNum);
    System.arraycopy(marks, place, marks, place + 1, first + size - place);
    marks[place] = mark;
    size++;
  }

  /** Another mark of the same number takes the place of the one that is there. */
  void replace(Mark mark) {
    int place = placeOf(mark.seqNum);
    Check.that(at(place).seqNum == mark.seqNum, "the mark that is replaced is there");
    marks[first + place] = mark;
  }

  Mark removeFirst() {
    Mark mark = at(0);
    marks[first++] = null;
    size--;
    if (size == 0) {
      first = 0;
    }
    return mark;
  }

  /** Number of marks with smaller numbers. */
  private int placeOf(long seqNum) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(middle).seqNum < seqNum) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Moves to the front if half is free there, else to an array of twice the size. */
  private void makeRoom() {
    if (first > 0 && first >= marks.length / 2) {
      System.arraycopy(marks, first, marks, 0, size);
      Arrays.fill(marks, size, first + size, null);
    } else {
      @Nullable Mark[] larger = new Mark[Math.max(2, 2 * size)];
      System.arraycopy(marks, first, larger, 0, size);
      marks = larger;
    }
    first = 0;
  }
}
