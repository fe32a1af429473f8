package raftkv.kv;

import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;

/**
 * The bytes of a command: the body of a COMMAND entry, and what a follower forwards.
 *
 * <pre>
 *   size  field
 *      1  format, 1
 *      1  kind: 1 put, 2 delete, 3 compare-and-set, 4 cancel
 *      1  flags: 1 identity, 2 ack_seq, 4 expected mod index of a delete
 *  with an identity:
 *      1  length of client_id, then client_id
 *      8  seq_num
 *      8  ack_seq, if flagged
 *      8  session_start, 0 if none
 *  but for a cancel:
 *      4  length of the key, then the key
 *  put:
 *     ..  value
 *  delete:
 *      8  expected mod index, if flagged
 *  compare-and-set:
 *      1  condition: 1 value, 2 mod index, 3 absent
 *     ..  value, or 8 bytes of mod index, or nothing
 *     ..  new value
 *  a value:
 *      1  kind: 0 text, 1 bytes
 *      4  length, then the bytes
 * </pre>
 */
public final class CommandCodec {
  /** The format that this version writes, and the newest that it reads. */
  public static final int FORMAT = 1;

  private static final int PUT = 1;
  private static final int DELETE = 2;
  private static final int COMPARE_AND_SET = 3;
  private static final int CANCEL = 4;

  private static final int HAS_IDENTITY = 1;
  private static final int HAS_ACK = 2;
  private static final int HAS_MOD_INDEX = 4;

  private static final int IF_VALUE = 1;
  private static final int IF_MOD_INDEX = 2;
  private static final int IF_ABSENT = 3;

  private static final int KIND_OFFSET = 1;
  private static final int HEAD_BYTES = 3;

  private CommandCodec() {}

  /** The bytes of a command. */
  public static Bytes encode(KvCommand command) {
    return command.match(new Encoder());
  }

  /**
   * Reads a command. Keys and values share the array of {@code body}.
   *
   * @throws MalformedInput if it is of a newer format or makes no sense
   */
  public static KvCommand decode(Bytes body) {
    ByteReader reader = new ByteReader(body).format(FORMAT, "format of commands");
    int kind = reader.oneByte();
    int flags = reader.oneByte();
    RequestIdentity identity = identity(reader, flags);
    KvCommand command =
        switch (kind) {
          case PUT -> new KvCommand.Put(identity, reader.sized(), value(reader));
          case DELETE -> delete(reader, identity, flags);
          case COMPARE_AND_SET ->
              new KvCommand.CompareAndSet(
                  identity, reader.sized(), condition(reader), value(reader));
          case CANCEL -> cancel(identity);
          default -> throw MalformedInput.newer("kind of command", kind, CANCEL);
        };
    reader.end();
    MalformedInput.unless(flags == flagsOf(command), "flags of the command do not fit");
    return command;
  }

  /** Whether a command that {@link #decode} takes is a put, without reading the rest. */
  static boolean isPut(Bytes body) {
    return body.at(KIND_OFFSET) == PUT;
  }

  /** Whether a command that {@link #decode} takes is a delete, without reading the rest. */
  static boolean isDelete(Bytes body) {
    return body.at(KIND_OFFSET) == DELETE;
  }

  private static @Nullable RequestIdentity identity(ByteReader reader, int flags) {
    if ((flags & HAS_IDENTITY) == 0) {
      return null;
    }
    Bytes clientId = reader.raw(reader.oneByte());
    long seqNum = reader.eightBytes();
    boolean windowed = (flags & HAS_ACK) != 0;
    long ackSeq = windowed ? reader.eightBytes() : RequestIdentity.NO_ACK;
    MalformedInput.unless(!windowed || ackSeq >= 0, "ack_seq is out of range");
    return new RequestIdentity(clientId, seqNum, ackSeq, reader.eightBytes());
  }

  private static KvCommand delete(
      ByteReader reader, @Nullable RequestIdentity identity, int flags) {
    Bytes key = reader.sized();
    if ((flags & HAS_MOD_INDEX) == 0) {
      return new KvCommand.Delete(identity, key);
    }
    long expected = reader.eightBytes();
    MalformedInput.unless(expected >= 0, "expected mod index is out of range");
    return new KvCommand.Delete(identity, key, expected);
  }

  private static KvCommand cancel(@Nullable RequestIdentity identity) {
    if (identity == null) {
      throw MalformedInput.because("a cancel names no request");
    }
    return new KvCommand.Cancel(identity);
  }

  private static Condition condition(ByteReader reader) {
    int kind = reader.oneByte();
    return switch (kind) {
      case IF_VALUE -> new Condition.ValueIs(value(reader));
      case IF_MOD_INDEX -> new Condition.ModIndexIs(reader.eightBytes());
      case IF_ABSENT -> new Condition.Absent();
      default -> throw MalformedInput.newer("kind of condition", kind, IF_ABSENT);
    };
  }

  private static KvValue value(ByteReader reader) {
    return new KvValue(ValueKind.ofCode(reader.oneByte()), reader.sized());
  }

  private static int flagsOf(KvCommand command) {
    RequestIdentity identity = command.identity();
    int flags = identity == null ? 0 : HAS_IDENTITY;
    if (identity != null && identity.isWindowed()) {
      flags |= HAS_ACK;
    }
    boolean conditional =
        command instanceof KvCommand.Delete delete
            && delete.expectedModIndex() != KvCommand.Delete.ANY;
    return conditional ? flags | HAS_MOD_INDEX : flags;
  }

  private static final class Encoder
      implements KvCommand.Cases<Bytes>, Condition.Cases<ByteWriter> {
    private ByteWriter writer = new ByteWriter(0);

    @Override
    public Bytes put(KvCommand.Put command) {
      begin(PUT, command, keySize(command) + valueSize(command.value()));
      writer.sized(command.key());
      return value(command.value()).bytes();
    }

    @Override
    public Bytes delete(KvCommand.Delete command) {
      boolean conditional = command.expectedModIndex() != KvCommand.Delete.ANY;
      begin(DELETE, command, keySize(command) + (conditional ? Long.BYTES : 0));
      writer.sized(command.key());
      return (conditional ? writer.eightBytes(command.expectedModIndex()) : writer).bytes();
    }

    @Override
    public Bytes compareAndSet(KvCommand.CompareAndSet command) {
      int conditionSize = command.condition().match(new ConditionSize());
      begin(
          COMPARE_AND_SET, command, keySize(command) + conditionSize + valueSize(command.value()));
      writer.sized(command.key());
      command.condition().match(this);
      return value(command.value()).bytes();
    }

    @Override
    public Bytes cancel(KvCommand.Cancel command) {
      begin(CANCEL, command, 0);
      return writer.bytes();
    }

    @Override
    public ByteWriter valueIs(Condition.ValueIs condition) {
      writer.oneByte(IF_VALUE);
      return value(condition.expected());
    }

    @Override
    public ByteWriter modIndexIs(Condition.ModIndexIs condition) {
      return writer.oneByte(IF_MOD_INDEX).eightBytes(condition.expected());
    }

    @Override
    public ByteWriter absent(Condition.Absent condition) {
      return writer.oneByte(IF_ABSENT);
    }

    private void begin(int kind, KvCommand command, int restBytes) {
      RequestIdentity identity = command.identity();
      int identityBytes = identity == null ? 0 : identitySize(identity);
      writer = new ByteWriter(HEAD_BYTES + identityBytes + restBytes);
      writer.oneByte(FORMAT).oneByte(kind).oneByte(flagsOf(command));
      if (identity != null) {
        writer.oneByte(identity.clientId().length()).raw(identity.clientId());
        writer.eightBytes(identity.seqNum());
        if (identity.isWindowed()) {
          writer.eightBytes(identity.ackSeq());
        }
        writer.eightBytes(identity.sessionStart());
      }
    }

    private ByteWriter value(KvValue value) {
      return writer.oneByte(value.kind().code()).sized(value.bytes());
    }

    private static int identitySize(RequestIdentity identity) {
      int numbers = identity.isWindowed() ? 3 : 2;
      return 1 + identity.clientId().length() + numbers * Long.BYTES;
    }

    private static int keySize(KvCommand.Operation command) {
      return Integer.BYTES + command.key().length();
    }

    static int valueSize(KvValue value) {
      return 1 + Integer.BYTES + value.bytes().length();
    }
  }

  private static final class ConditionSize implements Condition.Cases<Integer> {
    @Override
    public Integer valueIs(Condition.ValueIs condition) {
      return 1 + Encoder.valueSize(condition.expected());
    }

    @Override
    public Integer modIndexIs(Condition.ModIndexIs condition) {
      return 1 + Long.BYTES;
    }

    @Override
    public Integer absent(Condition.Absent condition) {
      return 1;
    }
  }
}
