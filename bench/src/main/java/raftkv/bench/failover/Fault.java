package raftkv.bench.failover;

/** What happens to a leader. */
enum Fault {
  /** Its process dies: the kernel closes its connections. */
  KILL,
  /** It is asked to end, and may hand over first. */
  TERM,
  /** It stands still, with all its connections open. */
  STOP,
  /** Its cable is pulled: nothing arrives, nothing is closed. */
  CUT;

  /** The command that does it. */
  String strike(int id, long pid) {
    return this == CUT ? "ip link set cable" + id + " nomaster" : "kill -s " + name() + " " + pid;
  }

  /** Whether the process is gone afterwards. */
  boolean endsProcess() {
    return this == KILL || this == TERM;
  }

  /** The command that takes it back, for those that do not end the process. */
  String undo(int id, long pid) {
    return this == CUT ? "ip link set cable" + id + " master switch" : "kill -s CONT " + pid;
  }
}
