package raftkv.simulation.history;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a history down, an operation a line: who, from when to when, what, what was said. */
final class Story {
  private final List<Operation> operations = new ArrayList<>();

  Story put(int client, long from, long to, String value) {
    return add(new Operation(client, new Call.Put(value), new Answer.Stored(), from, to));
  }

  Story get(int client, long from, long to, @Nullable String seen) {
    return add(new Operation(client, new Call.Get(), new Answer.Read(seen), from, to));
  }

  Story swap(int client, long from, long to, @Nullable String expected, String value) {
    Call call = new Call.CompareAndSet(expected, value);
    return add(new Operation(client, call, new Answer.Stored(), from, to));
  }

  Story swapRefused(int client, long from, long to, String expected, @Nullable String current) {
    Call call = new Call.CompareAndSet(expected, "never-" + operations.size());
    return add(new Operation(client, call, new Answer.Refused(current), from, to));
  }

  Story delete(int client, long from, long to, @Nullable String removed) {
    return add(new Operation(client, new Call.Delete(), new Answer.Removed(removed), from, to));
  }

  Story deleteStored(int client, long from, long to, String expected) {
    Call call = new Call.DeleteStored(expected, 1);
    return add(new Operation(client, call, new Answer.Removed(expected), from, to));
  }

  Story deleteRefused(int client, long from, long to, String expected, @Nullable String current) {
    Call call = new Call.DeleteStored(expected, 1);
    return add(new Operation(client, call, new Answer.Refused(current), from, to));
  }

  Story lostDeleteStored(int client, long from, String expected) {
    return add(Operation.unknown(client, new Call.DeleteStored(expected, 1), from));
  }

  Story lostPut(int client, long from, String value) {
    return add(Operation.unknown(client, new Call.Put(value), from));
  }

  Story lostSwap(int client, long from, @Nullable String expected, String value) {
    return add(Operation.unknown(client, new Call.CompareAndSet(expected, value), from));
  }

  Story lostDelete(int client, long from) {
    return add(Operation.unknown(client, new Call.Delete(), from));
  }

  private Story add(Operation operation) {
    operations.add(operation);
    return this;
  }

  List<Operation> operations() {
    return List.copyOf(operations);
  }
}
