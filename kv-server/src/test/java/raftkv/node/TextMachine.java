package raftkv.node;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import raftkv.port.StateCapture;
import raftkv.port.StateHash;
import raftkv.port.StateImage;
import raftkv.port.StateMachine;
import raftkv.port.StateReader;
import raftkv.raft.Admission;
import raftkv.raft.Bytes;
import raftkv.raft.Check;
import raftkv.raft.EntryKind;
import raftkv.raft.LogEntry;
import raftkv.raft.Roster;
import raftkv.raft.Settings;

/** Keys and values as text: "k=v" sets. Counts how often each command was applied. */
final class TextMachine implements StateMachine {
  private final TreeMap<String, String> values = new TreeMap<>();
  final List<String> commands = new ArrayList<>();
  private long appliedIndex;
  private StateHash hash = StateHash.EMPTY;
  private @Nullable Roster roster;

  static Bytes command(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(Bytes bytes) {
    return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
  }

  @Override
  public @Nullable String refuse(Bytes command) {
    return text(command).contains("=") ? null : "no '=' in the command";
  }

  /** "k=" does. */
  @Override
  public boolean makesRoom(Bytes command) {
    return text(command).endsWith("=");
  }

  /** A value that is a number of bytes: "k=1000 bytes". */
  @Override
  public int answerBytes(Bytes command) {
    String text = text(command);
    return text.endsWith(" bytes")
        ? Integer.parseInt(text.substring(text.indexOf('=') + 1, text.lastIndexOf(' ')))
        : 0;
  }

  @Override
  public Bytes apply(LogEntry entry) {
    appliedIndex = entry.index();
    if (entry.kind() == EntryKind.SETTINGS) {
      roster = Roster.of(Settings.decode(entry.body()));
    } else if (entry.kind() == EntryKind.ADMIT) {
      roster = formed().with(Admission.decode(entry.body()));
    }
    if (entry.kind() != EntryKind.COMMAND) {
      return Bytes.EMPTY;
    }
    String command = text(entry.body());
    if (command.startsWith("poison")) {
      throw new IllegalArgumentException("poisoned");
    }
    String key = command.substring(0, command.indexOf('='));
    String value = command.substring(command.indexOf('=') + 1);
    commands.add(command);
    String old = values.put(key, value);
    hash = hash.minus(hashOf(key, old)).plus(hashOf(key, value));
    return command("set " + key + " at " + entry.index());
  }

  /** No sessions here: what stands there may as well be that command's. */
  @Override
  public @Nullable Bytes answerTo(Bytes command) {
    String text = text(command);
    String key = text.substring(0, text.indexOf('='));
    return text.equals(key + "=" + values.get(key)) ? command("found") : null;
  }

  static StateHash hashOf(String key, @Nullable String value) {
    return value == null
        ? StateHash.EMPTY
        : new StateHash((key + "/" + value).hashCode(), (value + "/" + key).hashCode());
  }

  /** A bit of memory flips. */
  void flip() {
    hash = hash.plus(new StateHash(1, 1));
  }

  /** Memory holds another value than was written. */
  void corrupt(String key, String value) {
    String old = values.put(key, value);
    hash = hash.minus(hashOf(key, old)).plus(hashOf(key, value));
  }

  @Nullable String get(String key) {
    return values.get(key);
  }

  @Override
  public long appliedIndex() {
    return appliedIndex;
  }

  @Override
  public StateHash hash() {
    return hash;
  }

  @Override
  public StateCapture captureState() {
    return new TextState(appliedIndex, formed(), values);
  }

  @Override
  public StateReader reader() {
    return new TextState.Reader();
  }

  @Override
  public StateReader checker() {
    return reader();
  }

  @Override
  public void restore(StateImage image) {
    TextState state = (TextState) image;
    values.clear();
    values.putAll(state.values());
    roster = state.roster();
    appliedIndex = state.index();
    hash = state.hash();
  }

  /** A byte for each character. */
  @Override
  public long heapBytes() {
    long bytes = 0;
    for (Map.Entry<String, String> entry : values.entrySet()) {
      bytes += entry.getKey().length() + entry.getValue().length();
    }
    return bytes;
  }

  @Override
  public String summary() {
    return values.size() + " values";
  }

  private Roster formed() {
    return Check.present(roster, "settings come first");
  }
}
