package raftkv.kv;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import raftkv.port.ExitCode;
import raftkv.port.StateCapture;
import raftkv.port.StateHash;
import raftkv.port.StateImage;
import raftkv.port.StateMachine;
import raftkv.port.StateReader;
import raftkv.port.StorageFailure;
import raftkv.raft.Admission;
import raftkv.raft.Bytes;
import raftkv.raft.Check;
import raftkv.raft.ClusterId;
import raftkv.raft.LogEntry;
import raftkv.raft.MalformedBody;
import raftkv.raft.Roster;
import raftkv.raft.Settings;

/**
 * Keys, values, sessions, roster and limits: everything replicated, driven by the log. Answers of
 * commands are {@link KvAnswer}s, encoded by {@link AnswerCodec}. Owned by the loop, queries
 * included; only what {@link #capture} returns may leave it.
 */
public final class KvStateMachine implements StateMachine {
  private HashSum hash = new HashSum();
  private KvStore store = new KvStore();
  private Operations operations = new Operations(store, hash);
  private Sessions sessions = new Sessions(hash);

  private KvLimits limits = KvLimits.DEFAULTS;
  private @Nullable Roster roster;
  private long appliedIndex;

  /**
   * Decodes the command as apply will, and checks it against the cluster's limits.
   *
   * @return null if apply will take it, else a sentence for the caller
   */
  @Override
  public @Nullable String refuse(Bytes command) {
    try {
      return CommandCodec.decode(command) instanceof KvCommand.Operation operation
          ? sentence(operations.refusalOf(operation))
          : null;
    } catch (MalformedInput malformed) {
      return malformed.getMessage();
    }
  }

  @Override
  public boolean makesRoom(Bytes command) {
    return CommandCodec.isDelete(command);
  }

  /**
   * A delete and a compare-and-set answer with the whole entry, a copy of one and a cancel with the
   * entry that was stored for it.
   */
  @Override
  public int answerBytes(Bytes command) {
    if (CommandCodec.isPut(command)) {
      return 0;
    }
    KvCommand decoded = CommandCodec.decode(command);
    int stored = sessions.storedBytes(decoded.identity());
    return decoded instanceof KvCommand.Operation operation
        ? Math.max(stored, operations.answerBytes(operation))
        : stored;
  }

  /**
   * Applies the next entry.
   *
   * @throws StorageFailure with {@link ExitCode#NEWER_FORMAT} if this version does not know the
   *     entry's kind or format; nothing was changed
   * @throws IllegalStateException naming index, term and kind if anything else went wrong; the node
   *     ends, for its state may be half changed
   */
  @Override
  public Bytes apply(LogEntry entry) {
    Check.that(
        entry.index() == appliedIndex + 1,
        "entries are applied without gaps",
        entry.index(),
        appliedIndex);
    Bytes answer = applyNaming(entry);
    appliedIndex = entry.index();
    return answer;
  }

  @Override
  public @Nullable Bytes answerTo(Bytes command) {
    return CommandCodec.decode(command) instanceof KvCommand.Operation operation
        ? sessions.answerTo(operation.identity(), Fingerprint.of(operation))
        : null;
  }

  @Override
  public long appliedIndex() {
    return appliedIndex;
  }

  @Override
  public StateHash hash() {
    return hash.value();
  }

  @Override
  public StateCapture captureState() {
    return new KvCapture(
        appliedIndex,
        hash.value(),
        formedRoster(),
        limits,
        sessions.evictedThrough(),
        store.capture(),
        sessions.capture());
  }

  @Override
  public StateReader reader() {
    return KvStateReader.building();
  }

  @Override
  public StateReader checker() {
    return KvStateReader.checking();
  }

  @Override
  public void restore(StateImage image) {
    KvImage state = (KvImage) image;
    KvImage.Parts parts = Check.present(state.parts(), "a state that was only checked is no state");
    hash = parts.sum();
    store = parts.store();
    sessions = parts.sessions();
    operations = new Operations(store, hash);
    operations.limit(state.limits());
    limits = state.limits();
    roster = state.roster();
    appliedIndex = state.index();
  }

  @Override
  public long heapBytes() {
    return store.heapBytes() + sessions.heapBytes();
  }

  @Override
  public String summary() {
    return String.format(Locale.ROOT, "%,d keys", keyCount());
  }

  /** The hash, computed anew from all contents: equal to {@link #hash} unless memory lied. */
  public StateHash recomputeHash() {
    HashSum sum = new HashSum();
    store.current().scan(entry -> addAnew(sum, entry));
    sessions.addTo(sum);
    if (roster != null) {
      sum.add(SettingsHash.of(roster, limits));
    }
    return sum.value();
  }

  /** The entry of a key, or null. */
  public @Nullable KvEntry get(Bytes key) {
    return store.current().get(key);
  }

  /** A page of entries. */
  public KvPage list(ListQuery query) {
    return store.current().list(query, limits);
  }

  /** The number of keys with a prefix, in logarithmic time. */
  public long count(Bytes prefix) {
    return store.current().count(prefix);
  }

  /** What became of a request, as far as this state knows. */
  public RequestOutcome requestOutcome(OutcomeQuery query) {
    return sessions.outcome(query, appliedIndex + 1);
  }

  /** All entries as they are now, in O(1); never changes, readable by any thread. */
  public KvView capture() {
    return store.capture();
  }

  /** The number of keys. */
  public long keyCount() {
    return store.count();
  }

  /** The number of sessions kept. */
  public int sessionCount() {
    return sessions.count();
  }

  /** Bytes of answers that sessions keep. */
  public long storedAnswerBytes() {
    return sessions.storedAnswerBytes();
  }

  /** The cluster's limits; the defaults until SETTINGS is applied. */
  public KvLimits limits() {
    return limits;
  }

  /** The cluster's id, or null until SETTINGS is applied. */
  public @Nullable ClusterId clusterId() {
    return roster == null ? null : roster.clusterId();
  }

  /** Which incarnations the applied log names, or null until SETTINGS is applied. */
  public @Nullable Roster roster() {
    return roster;
  }

  private Bytes applyNaming(LogEntry entry) {
    try {
      return applyKind(entry);
    } catch (MalformedBody malformed) {
      throw new StorageFailure(
          ExitCode.NEWER_FORMAT, "entry " + entry + ": " + malformed.getMessage(), malformed);
    } catch (MalformedInput malformed) {
      ExitCode code = malformed.isNewerFormat() ? ExitCode.NEWER_FORMAT : ExitCode.INVARIANT;
      throw new StorageFailure(code, "entry " + entry + ": " + malformed.getMessage(), malformed);
    } catch (StorageFailure failure) {
      throw failure;
    } catch (RuntimeException bug) {
      throw new IllegalStateException("entry " + entry + ": " + bug.getMessage(), bug);
    }
  }

  private Bytes applyKind(LogEntry entry) {
    return switch (entry.kind()) {
      case NOOP -> Bytes.EMPTY;
      case COMMAND -> applyCommand(CommandCodec.decode(entry.body()), entry.index());
      case SETTINGS -> applySettings(Settings.decode(entry.body()));
      case ADMIT -> applyAdmission(Admission.decode(entry.body()));
      case MEMBERS ->
          throw new StorageFailure(
              ExitCode.NEWER_FORMAT,
              "entry " + entry + ": changes of membership are not known to this version");
    };
  }

  private Bytes applyCommand(KvCommand command, long index) {
    formedRoster();
    return command instanceof KvCommand.Operation operation
        ? applyOperation(operation, index)
        : sessions.cancel(((KvCommand.Cancel) command).identity(), index);
  }

  private Bytes applyOperation(KvCommand.Operation operation, long index) {
    RequestIdentity request = operation.identity();
    return request == null
        ? AnswerCodec.encode(operations.apply(operation, index))
        : sessions.answer(
            request, Fingerprint.of(operation), index, () -> operations.apply(operation, index));
  }

  /** Once at the beginning; later ones may only change limits. */
  private Bytes applySettings(Settings settings) {
    KvLimits agreed = KvLimits.decode(settings.limits());
    Roster named = roster;
    if (named == null) {
      named = Roster.of(settings);
    } else {
      Check.that(named.clusterId().equals(settings.clusterId()), "a cluster keeps its id");
      hash.subtract(SettingsHash.of(named, limits));
    }
    limits = agreed;
    operations.limit(agreed);
    sessions.limit(agreed);
    roster = named;
    hash.add(SettingsHash.of(named, limits));
    return Bytes.EMPTY;
  }

  private Bytes applyAdmission(Admission admission) {
    Roster before = formedRoster();
    Roster after = before.with(admission);
    hash.subtract(SettingsHash.of(before, limits));
    hash.add(SettingsHash.of(after, limits));
    roster = after;
    return Bytes.EMPTY;
  }

  private Roster formedRoster() {
    Roster named = roster;
    if (named == null) {
      throw new IllegalStateException("settings come before everything that needs them");
    }
    return named;
  }

  private static boolean addAnew(HashSum sum, KvEntry entry) {
    sum.add(entry.computeHash());
    return true;
  }

  private static @Nullable String sentence(KvAnswer.@Nullable LimitExceeded exceeded) {
    return exceeded == null
        ? null
        : switch (exceeded.limit()) {
              case KEY -> "key";
              case VALUE -> "value";
            }
            + " has "
            + exceeded.sizeBytes()
            + " bytes, at most "
            + exceeded.maxBytes()
            + " are allowed";
  }
}
