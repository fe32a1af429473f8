package raftkv.simulation.node;

import org.jspecify.annotations.Nullable;
import raftkv.kv.KvStateMachine;
import raftkv.port.StateCapture;
import raftkv.port.StateHash;
import raftkv.port.StateImage;
import raftkv.port.StateMachine;
import raftkv.port.StateReader;
import raftkv.raft.Bytes;
import raftkv.raft.LogEntry;
import raftkv.raft.NodeId;

/** The real state machine; what it applies is seen. */
record WatchedMachine(KvStateMachine machine, NodeId node, Watch watch) implements StateMachine {
  @Override
  public @Nullable String refuse(Bytes command) {
    return machine.refuse(command);
  }

  @Override
  public boolean makesRoom(Bytes command) {
    return machine.makesRoom(command);
  }

  @Override
  public int answerBytes(Bytes command) {
    return machine.answerBytes(command);
  }

  @Override
  public Bytes apply(LogEntry entry) {
    Bytes answer = machine.apply(entry);
    watch.applied(node, entry, answer, machine.hash());
    return answer;
  }

  @Override
  public long appliedIndex() {
    return machine.appliedIndex();
  }

  @Override
  public StateHash hash() {
    return machine.hash();
  }

  @Override
  public StateCapture captureState() {
    return machine.captureState();
  }

  @Override
  public StateReader reader() {
    return machine.reader();
  }

  @Override
  public StateReader checker() {
    return machine.checker();
  }

  @Override
  public void restore(StateImage image) {
    machine.restore(image);
    watch.restored(node, machine.appliedIndex(), machine.hash());
  }

  @Override
  public @Nullable Bytes answerTo(Bytes command) {
    return machine.answerTo(command);
  }

  @Override
  public long heapBytes() {
    return machine.heapBytes();
  }

  @Override
  public String summary() {
    return machine.summary();
  }
}
