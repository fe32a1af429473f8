package raftkv.bench.failover;

/** What happens to a leader, and what would have been anyway. */
enum Fault {
  /** Its process dies: the kernel closes its connections. */
  KILL,
  /** It is asked to end, and may hand over first. */
  TERM,
  /** It stands still, with all its connections open. */
  STOP,
  /** Its cable is pulled: nothing arrives, nothing is closed. */
  CUT,
  /** Nothing: the longest time between two answers when all is well. */
  NONE;

  /** The command that does it. */
  String strike(int id, long pid) {
    return switch (this) {
      case KILL, TERM, STOP -> "kill -s " + name() + " " + pid;
      case CUT -> "ip link set cable" + id + " nomaster";
      case NONE -> "true";
    };
  }

  /** Whether the process is gone afterwards. */
  boolean endsProcess() {
    return this == KILL || this == TERM;
  }

  /** The command that takes it back, for those that do not end the process. */
  String undo(int id, long pid) {
    return switch (this) {
      case STOP -> "kill -s CONT " + pid;
      case CUT -> "ip link set cable" + id + " master switch";
      case KILL, TERM, NONE -> "true";
    };
  }
}
