package raftkv.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import raftkv.port.LogFragments;
import raftkv.port.LogPage;
import raftkv.port.LogQuestion;
import raftkv.raft.HardState;
import raftkv.raft.Incarnation;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;

/**
 * A damaged log while it is healed: what is there, what is missing, and where the anchor is that a
 * peer's log must contain to be believed. Owned by the loop.
 */
final class HealingText {
  private final LogFragments found;
  private final TreeMap<Long, LogEntry> entries = new TreeMap<>();

  /** Index to term: what is certain of this log, its entry lost or not. */
  private final TreeMap<Long, Long> certain = new TreeMap<>();

  /** Last index that was missing at the start, 0 if none was. */
  private final long lastMissing;

  private long firstMissing;

  HealingText(LogFragments found) {
    this.found = found;
    found.entries().forEach(entry -> entries.put(entry.index(), entry));
    found.positions().forEach(position -> certain.put(position.index(), position.term()));
    firstMissing = nextMissing(found.base().index() + 1);
    lastMissing = lastMissing();
  }

  private long lastMissing() {
    long index = found.last().index();
    while (index > found.base().index() && entries.containsKey(index)) {
      index--;
    }
    return index > found.base().index() ? index : 0;
  }

  /** The first index at or behind that one that is missing; behind the end if none is. */
  long nextMissing(long fromIndex) {
    long index = fromIndex;
    while (index <= found.last().index() && entries.containsKey(index)) {
      index++;
    }
    return index;
  }

  boolean isWhole() {
    return firstMissing > found.last().index();
  }

  long firstMissing() {
    return firstMissing;
  }

  /** The first certain position at or behind everything that was missing. */
  LogPosition anchor() {
    Map.Entry<Long, Long> anchor = certain.ceilingEntry(lastMissing);
    return anchor == null ? found.last() : new LogPosition(anchor.getKey(), anchor.getValue());
  }

  /** What to ask a peer for next, from that index on; null if there is nothing. */
  @Nullable LogQuestion question(long fromIndex) {
    long index = nextMissing(Math.max(fromIndex, firstMissing));
    LogPosition anchor = anchor();
    return index > anchor.index() ? null : new LogQuestion(anchor, index);
  }

  /**
   * Takes what was missing out of a page.
   *
   * @return null, or why the page cannot be that of a log with the anchor
   */
  @Nullable String take(LogQuestion question, LogPage.Text page) {
    for (LogEntry entry : page.entries()) {
      if (entry.index() < question.fromIndex() || entry.index() > question.anchor().index()) {
        return "entry " + entry.position() + " was not asked for";
      }
      Map.Entry<Long, Long> next = certain.ceilingEntry(entry.index());
      boolean fits =
          next == null
              || (next.getKey() == entry.index()
                  ? next.getValue() == entry.term()
                  : next.getValue() >= entry.term());
      if (!fits) {
        return "entry " + entry.position() + " contradicts this log";
      }
    }
    for (LogEntry entry : page.entries()) {
      entries.putIfAbsent(entry.index(), entry);
      certain.putIfAbsent(entry.index(), entry.term());
    }
    confirmDoubtful();
    firstMissing = nextMissing(firstMissing);
    return null;
  }

  /** What a peer has given may be of the same term as what stands here in front of it. */
  private void confirmDoubtful() {
    for (int i = found.doubtful().size() - 1; i >= 0; i--) {
      LogEntry entry = found.doubtful().get(i);
      Map.Entry<Long, Long> next = certain.ceilingEntry(entry.index());
      if (next != null && next.getValue() == entry.term()) {
        entries.putIfAbsent(entry.index(), entry);
        certain.putIfAbsent(entry.index(), entry.term());
      }
    }
  }

  /** What a peer that asks gets: what is certain here, with gaps. */
  LogPage answer(LogQuestion question) {
    LogPosition anchor = question.anchor();
    if (anchor.index() <= found.base().index()) {
      return new LogPage.Compacted();
    }
    Long term = certain.get(anchor.index());
    if (term == null || term != anchor.term()) {
      boolean isKnown = term != null || anchor.index() > found.last().index();
      return isKnown && !found.hardStateLost()
          ? new LogPage.NoAnchor()
          : new LogPage.Unanswered("it has lost that place as well");
    }
    return question.fromIndex() <= found.base().index() ? new LogPage.Compacted() : page(question);
  }

  private LogPage page(LogQuestion question) {
    List<LogEntry> page = new ArrayList<>();
    long bytes = 0;
    long next = question.anchor().index() + 1;
    for (LogEntry entry :
        entries.subMap(question.fromIndex(), true, question.anchor().index(), true).values()) {
      bytes += entry.sizeBytes();
      if (bytes > LogAnswers.PAGE_BYTES && !page.isEmpty()) {
        next = entry.index();
        break;
      }
      page.add(entry);
    }
    return new LogPage.Text(page, next);
  }

  /** "2-4, 7". */
  String missing() {
    StringBuilder text = new StringBuilder();
    long index = firstMissing;
    while (index <= found.last().index()) {
      long end = index;
      while (end < found.last().index() && !entries.containsKey(end + 1)) {
        end++;
      }
      text.append(text.isEmpty() ? "" : ", ").append(index);
      if (end > index) {
        text.append('-').append(end);
      }
      index = nextMissing(end + 1);
    }
    return text.toString();
  }

  /** The log without a gap. */
  LogFragments healed() {
    return of(List.copyOf(entries.values()), found.last(), found.hardState());
  }

  /** Where the log has to begin anew: all in front of the first gap, and no identity. */
  LogFragments anew() {
    List<LogEntry> prefix =
        List.copyOf(entries.headMap(Math.min(firstMissing, found.last().index() + 1)).values());
    LogPosition last = prefix.isEmpty() ? found.base() : prefix.get(prefix.size() - 1).position();
    HardState hardState =
        new HardState(
            Math.max(found.hardState().term(), last.term()), null, Incarnation.NONE, false);
    return of(prefix, last, hardState);
  }

  private LogFragments of(List<LogEntry> text, LogPosition last, HardState hardState) {
    return new LogFragments(
        found.base(),
        last,
        List.of(),
        text,
        List.of(),
        hardState,
        false,
        Math.min(found.commitIndex(), last.index()));
  }

  LogFragments found() {
    return found;
  }
}
