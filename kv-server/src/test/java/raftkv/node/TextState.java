package raftkv.node;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import raftkv.port.StateCapture;
import raftkv.port.StateHash;
import raftkv.port.StateImage;
import raftkv.port.StateReader;
import raftkv.raft.Bytes;
import raftkv.raft.ClusterId;
import raftkv.raft.Incarnation;
import raftkv.raft.NodeId;
import raftkv.raft.Roster;

/** What a {@link TextMachine} holds, as lines: captured, written, read. */
record TextState(long index, Roster roster, SortedMap<String, String> values)
    implements StateCapture, StateImage {
  TextState {
    values = new TreeMap<>(values);
  }

  @Override
  public StateHash hash() {
    StateHash hash = StateHash.EMPTY;
    for (var entry : values.entrySet()) {
      hash = hash.plus(TextMachine.hashOf(entry.getKey(), entry.getValue()));
    }
    return hash;
  }

  @Override
  public Iterator<Bytes> pieces() {
    List<Bytes> pieces = new ArrayList<>();
    pieces.add(line(index + " " + roster.clusterId().high() + " " + roster.clusterId().low()));
    for (Roster.Named member : roster.members()) {
      pieces.add(
          line(
              "#"
                  + member.node().value()
                  + " "
                  + member.incarnation().high()
                  + " "
                  + member.incarnation().low()
                  + " "
                  + member.byAdmission()));
    }
    values.forEach((key, value) -> pieces.add(line(key + "=" + value)));
    pieces.add(line("end"));
    return pieces.iterator();
  }

  private static Bytes line(String text) {
    return TextMachine.command(text + "\n");
  }

  /** Collects the lines and reads them at the end. */
  static final class Reader implements StateReader {
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();

    @Override
    public void take(Bytes piece) {
      all.write(piece.array(), piece.offset(), piece.length());
    }

    @Override
    public TextState finish() {
      String[] lines = all.toString(StandardCharsets.UTF_8).stripTrailing().split("\n", -1);
      if (!lines[lines.length - 1].equals("end")) {
        throw new IllegalArgumentException("the end is missing");
      }
      String[] head = lines[0].split(" ", -1);
      List<Roster.Named> members = new ArrayList<>();
      TreeMap<String, String> values = new TreeMap<>();
      for (int i = 1; i < lines.length - 1; i++) {
        if (lines[i].startsWith("#")) {
          members.add(member(lines[i].substring(1).split(" ")));
        } else {
          int at = lines[i].indexOf('=');
          values.put(lines[i].substring(0, at), lines[i].substring(at + 1));
        }
      }
      ClusterId cluster = new ClusterId(Long.parseLong(head[1]), Long.parseLong(head[2]));
      return new TextState(Long.parseLong(head[0]), new Roster(cluster, members), values);
    }

    private static Roster.Named member(String[] words) {
      return new Roster.Named(
          new NodeId(Integer.parseInt(words[0])),
          new Incarnation(Long.parseLong(words[1]), Long.parseLong(words[2])),
          Boolean.parseBoolean(words[3]));
    }
  }
}
