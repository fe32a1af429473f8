package raftkv.node;

import java.util.ArrayList;
import java.util.List;

/** What is to be done when a turn has ended, in the order given. Owned by the loop. */
final class TurnEnd {
  private final Inbox inbox;
  private final List<Runnable> tasks = new ArrayList<>();
  private boolean inTurn;

  TurnEnd(Inbox inbox) {
    this.inbox = inbox;
  }

  void turnBegins() {
    inTurn = true;
  }

  /**
   * Outside of a turn, too, answers are given, such as those of forwarded writes, or before the
   * node takes part: they leave together behind what the loop runs now.
   */
  void add(Runnable task) {
    if (!inTurn && tasks.isEmpty()) {
      inbox.onLoop(this::run);
    }
    tasks.add(task);
  }

  void run() {
    inTurn = false;
    for (int i = 0; i < tasks.size(); i++) {
      tasks.get(i).run();
    }
    tasks.clear();
  }
}
