package raftkv.raft;

import java.util.ArrayList;
import java.util.List;

/** The words of one command: plain ones in their order, and options written as key=value. */
record ScriptWords(List<String> words) {
  static ScriptWords of(String line) {
    return new ScriptWords(List.of(line.trim().split("\\s+")));
  }

  String name() {
    return words.get(0);
  }

  List<String> plain() {
    return words.subList(1, words.size()).stream().filter(word -> !word.contains("=")).toList();
  }

  boolean has(int place) {
    return place < plain().size();
  }

  String word(int place) {
    Check.that(has(place), "'" + String.join(" ", words) + "' has a word at place " + place);
    return plain().get(place);
  }

  int number(int place) {
    return Integer.parseInt(word(place));
  }

  /** All plain words as numbers. */
  List<Integer> numbers() {
    return plain().stream().map(Integer::parseInt).toList();
  }

  String option(String key, String otherwise) {
    for (String word : words) {
      if (word.startsWith(key + "=")) {
        return word.substring(key.length() + 1);
      }
    }
    return otherwise;
  }

  long option(String key, long otherwise) {
    return Long.parseLong(option(key, Long.toString(otherwise)));
  }

  /** An option such as 1,1,2 as numbers. */
  List<Long> optionNumbers(String key) {
    List<Long> numbers = new ArrayList<>();
    String text = option(key, "");
    if (!text.isEmpty()) {
      for (String part : text.split(",", -1)) {
        numbers.add(Long.parseLong(part));
      }
    }
    return numbers;
  }
}
