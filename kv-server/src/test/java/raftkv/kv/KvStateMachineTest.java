package raftkv.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static raftkv.kv.TestLog.bytes;

import org.junit.jupiter.api.Test;
import raftkv.port.ExitCode;
import raftkv.port.StateHash;
import raftkv.port.StorageFailure;
import raftkv.raft.Admission;
import raftkv.raft.Bytes;
import raftkv.raft.EntryKind;
import raftkv.raft.Incarnation;
import raftkv.raft.NodeId;
import raftkv.raft.Settings;

/** What entries of each kind do, and what stops the node. */
final class KvStateMachineTest {
  private final TestLog log = TestLog.with(KvLimits.DEFAULTS);

  @Test
  void putCreatesAndChanges() {
    assertThat(log.put("k", "a")).isEqualTo(new KvAnswer.PutDone(2, 2, 1, false));
    assertThat(log.put("k", "b")).isEqualTo(new KvAnswer.PutDone(3, 2, 2, false));

    assertThat(log.machine.get(bytes("k"))).isEqualTo(entry("k", "b", 2, 3, 2));
    assertThat(log.machine.get(bytes("l"))).isNull();
  }

  @Test
  void putOfAnEqualValueRaisesTheModIndex() {
    log.put("k", "a");
    log.put("k", "a");

    assertThat(log.machine.get(bytes("k"))).isEqualTo(entry("k", "a", 2, 3, 2));
  }

  @Test
  void deleteSaysWhatItRemovedAndAKeyBeginsAnewAfterwards() {
    log.put("k", "a");

    assertThat(log.apply(new KvCommand.Delete(null, bytes("k"))))
        .isEqualTo(new KvAnswer.DeleteDone(3, true, entry("k", "a", 2, 2, 1), false));
    assertThat(log.machine.keyCount()).isZero();
    assertThat(log.put("k", "b")).isEqualTo(new KvAnswer.PutDone(4, 4, 1, false));
  }

  /** A lock by compare-and-set is released so, without taking away a successor's. */
  @Test
  void deleteWithAnExpectedModIndexRemovesOnlyThat() {
    log.put("k", "a");

    KvAnswer refused = log.apply(new KvCommand.Delete(null, bytes("k"), 7));
    assertThat(refused)
        .isEqualTo(new KvAnswer.DeleteDone(3, false, entry("k", "a", 2, 2, 1), false));
    assertThat(log.apply(new KvCommand.Delete(null, bytes("l"), 7)))
        .isEqualTo(new KvAnswer.DeleteDone(4, false, null, false));
    assertThat(log.version("k")).isEqualTo(1);
    assertThat(((KvAnswer.DeleteDone) log.apply(new KvCommand.Delete(null, bytes("k"), 2))))
        .extracting(KvAnswer.DeleteDone::succeeded)
        .isEqualTo(true);
    assertThat(log.machine.get(bytes("k"))).isNull();
  }

  @Test
  void compareAndSetByValueLooksAtTheKindToo() {
    log.put("k", "a");

    assertThat(succeeds(new Condition.ValueIs(KvValue.bytes(new byte[] {'a'})))).isFalse();
    assertThat(succeeds(new Condition.ValueIs(KvValue.text("b")))).isFalse();
    assertThat(succeeds(new Condition.ValueIs(KvValue.text("a")))).isTrue();
    assertThat(log.machine.get(bytes("k"))).isEqualTo(entry("k", "new", 2, 5, 2));
  }

  @Test
  void compareAndSetByModIndex() {
    assertThat(succeeds(new Condition.ModIndexIs(0))).isFalse();
    log.put("k", "a");

    assertThat(succeeds(new Condition.ModIndexIs(2))).isFalse();
    assertThat(succeeds(new Condition.ModIndexIs(3))).isTrue();
  }

  @Test
  void compareAndSetIfAbsent() {
    assertThat(succeeds(new Condition.Absent())).isTrue();
    assertThat(succeeds(new Condition.Absent())).isFalse();
    assertThat(log.machine.get(bytes("k"))).isEqualTo(entry("k", "new", 2, 2, 1));
  }

  /** Of what is there or would be: so that not too many of them are made at once. */
  @Test
  void answersAreForeseenThatHoldAWholeEntry() {
    log.put("key", "12345");

    assertThat(answerBytes(new KvCommand.Put(null, bytes("key"), KvValue.text("12")))).isZero();
    assertThat(answerBytes(new KvCommand.Delete(null, bytes("key"), 99))).isEqualTo(3 + 5);
    assertThat(answerBytes(new KvCommand.Delete(null, bytes("other")))).isEqualTo(5);
    assertThat(answerBytes(cas("1"))).isEqualTo(3 + 5);
    assertThat(answerBytes(cas("1234567"))).isEqualTo(3 + 7);
  }

  /** Copies and cancels are answered with what is stored, though nothing is there any more. */
  @Test
  void storedAnswersAreForeseenToo() {
    log.put("key", "x".repeat(1000));
    KvCommand delete = new KvCommand.Delete(TestLog.simple("client", 1), bytes("key"));
    log.append(EntryKind.COMMAND, CommandCodec.encode(delete));

    assertThat(answerBytes(new KvCommand.Delete(null, bytes("key")))).isLessThan(100);
    assertThat(answerBytes(delete)).isGreaterThan(1000);
    assertThat(answerBytes(new KvCommand.Cancel(TestLog.simple("client", 1)))).isGreaterThan(1000);
    assertThat(answerBytes(new KvCommand.Cancel(TestLog.simple("client", 2)))).isZero();
  }

  private int answerBytes(KvCommand command) {
    return log.machine.answerBytes(CommandCodec.encode(command));
  }

  private static KvCommand cas(String value) {
    return new KvCommand.CompareAndSet(
        null, bytes("key"), new Condition.Absent(), KvValue.text(value));
  }

  @Test
  void entriesThatAreNoCommandHaveAnEmptyAnswer() {
    assertThat(log.append(EntryKind.NOOP, Bytes.EMPTY)).isEqualTo(Bytes.EMPTY);
    assertThat(log.machine.appliedIndex()).isEqualTo(2);
  }

  @Test
  void admissionsAreInTheRosterAndInTheHash() {
    StateHash before = log.machine.hash();
    Admission admission = new Admission(new NodeId(2), new Incarnation(42, 43));

    log.append(EntryKind.ADMIT, admission.encode());

    assertThat(log.machine.roster().named(new NodeId(2)).incarnation())
        .isEqualTo(new Incarnation(42, 43));
    assertThat(log.machine.roster().named(new NodeId(2)).byAdmission()).isTrue();
    assertThat(log.machine.hash()).isNotEqualTo(before);
    assertThat(log.machine.clusterId()).isEqualTo(TestLog.CLUSTER);
  }

  @Test
  void limitsOfSettingsAreInTheHash() {
    TestLog other = TestLog.with(KvLimits.DEFAULTS.withSessionWindow(7));

    assertThat(other.machine.limits().sessionWindow()).isEqualTo(7);
    assertThat(other.machine.hash()).isNotEqualTo(log.machine.hash());
  }

  /** Hazard 109: never skipped. */
  @Test
  void anUnknownKindOfEntryStopsTheNode() {
    assertThatThrownBy(() -> log.append(EntryKind.MEMBERS, Bytes.EMPTY))
        .isInstanceOf(StorageFailure.class)
        .hasMessageContaining("2@2 MEMBERS")
        .extracting(failure -> ((StorageFailure) failure).exitCode())
        .isEqualTo(ExitCode.NEWER_FORMAT);
    assertThat(log.machine.appliedIndex()).isEqualTo(1);
  }

  @Test
  void aNewerCommandFormatIsRefusedAndInACommittedEntryStopsTheNodeNamingBothVersions() {
    byte[] newer = putBytes();
    newer[0] = 2;

    assertThat(log.machine.refuse(Bytes.wrap(newer))).contains("format of commands 2", "newest: 1");
    assertThatThrownBy(() -> log.append(EntryKind.COMMAND, Bytes.wrap(newer)))
        .isInstanceOf(StorageFailure.class)
        .hasMessageContaining("2@2 COMMAND")
        .hasMessageContaining("format of commands 2 is not known to this version (newest: 1)")
        .extracting(failure -> ((StorageFailure) failure).exitCode())
        .isEqualTo(ExitCode.NEWER_FORMAT);
    assertThat(log.machine.keyCount()).isZero();
  }

  @Test
  void aNewerKindOfCommandStopsTheNodeToo() {
    byte[] newer = putBytes();
    newer[1] = 9;

    assertThatThrownBy(() -> log.append(EntryKind.COMMAND, Bytes.wrap(newer)))
        .isInstanceOf(StorageFailure.class)
        .hasMessageContaining("kind of command 9");
  }

  @Test
  void settingsOfANewerFormatOrHashStopTheNode() {
    for (int place = 0; place < 3; place++) {
      byte[] limits = KvLimits.DEFAULTS.encode().toByteArray();
      limits[place] = 2;
      Settings agreed = TestLog.settings(KvLimits.DEFAULTS);
      Settings newer = new Settings(agreed.clusterId(), agreed.members(), Bytes.wrap(limits));

      assertThatThrownBy(() -> new TestLog().append(EntryKind.SETTINGS, newer.encode()))
          .isInstanceOf(StorageFailure.class)
          .hasMessageContaining("1@2 SETTINGS")
          .hasMessageContaining(" 2 is not known to this version (newest: 1)");
    }
  }

  @Test
  void brokenCommandsAreRefusedAndEndTheNodeIfCommitted() {
    Bytes broken = Bytes.wrap(putBytes(), 0, 9);

    assertThat(log.machine.refuse(broken)).isEqualTo("body is shorter than it says");
    assertThatThrownBy(() -> log.append(EntryKind.COMMAND, broken))
        .isInstanceOf(StorageFailure.class)
        .extracting(failure -> ((StorageFailure) failure).exitCode())
        .isEqualTo(ExitCode.INVARIANT);
  }

  @Test
  void commandsBeforeSettingsAndGapsAreBugs() {
    TestLog empty = new TestLog();

    assertThatThrownBy(() -> empty.put("k", "v")).isInstanceOf(IllegalStateException.class);
    log.entries.add(log.entries.get(0)); // the next index is 3, and 2 was never applied
    assertThatThrownBy(() -> log.put("k", "v"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("without gaps");
  }

  @Test
  void refuseKnowsTheClustersLimits() {
    Bytes longKey = Bytes.wrap(new byte[1_025]);
    KvCommand put = new KvCommand.Put(null, longKey, KvValue.text("v"));

    assertThat(log.machine.refuse(CommandCodec.encode(put)))
        .isEqualTo("key has 1025 bytes, at most 1024 are allowed");
    assertThat(log.machine.refuse(Bytes.wrap(putBytes()))).isNull();
  }

  @Test
  void listsPagesBehindTheLastKey() {
    for (int i = 0; i < 25; i++) {
      log.put(String.format("a%02d", i), "v");
    }
    log.put("b", "v");

    KvPage first = list("a", null, 10);
    KvPage second = list("a", first.lastKey(), 10);
    KvPage third = list("a", second.lastKey(), 10);

    assertThat(first.entries()).hasSize(10);
    assertThat(first.hasMore()).isTrue();
    assertThat(second.entries().get(0).keyText()).isEqualTo("a10");
    assertThat(third.entries()).hasSize(5);
    assertThat(third.hasMore()).isFalse();
    assertThat(list("a", bytes("a04x"), 1).entries().get(0).keyText()).isEqualTo("a05");
    assertThat(list("a2", bytes("a04"), 1).entries().get(0).keyText()).isEqualTo("a20");
    assertThat(list("c", null, 10).entries()).isEmpty();
    assertThat(log.machine.count(bytes("a"))).isEqualTo(25);
    assertThat(log.machine.count(bytes("a1"))).isEqualTo(10);
    assertThat(log.machine.count(Bytes.EMPTY)).isEqualTo(26);
  }

  @Test
  void aFullPageThatIsTheLastOneHasNothingBehindIt() {
    log.put("a1", "v");
    log.put("a2", "v");
    log.put("b", "v");

    assertThat(list("a", null, 2).hasMore()).isFalse();
    assertThat(list("", null, 2).hasMore()).isTrue();
  }

  @Test
  void aPageEndsAtItsBytesButHasOneEntryWhateverItsSize() {
    String large = "x".repeat(600_000);
    log.put("a", large);
    log.put("b", large);
    log.put("c", "x".repeat(1 << 20));

    assertThat(list("", null, 10).entries()).hasSize(1);
    assertThat(list("", bytes("b"), 10).entries()).hasSize(1);
    ListQuery keys = new ListQuery(Bytes.EMPTY, null, 10, ListQuery.Counted.KEYS);
    assertThat(log.machine.list(keys).entries()).hasSize(3);
  }

  @Test
  void aPageHasNoMoreEntriesThanTheClusterAllows() {
    for (int i = 0; i < 1_100; i++) {
      log.unchecked().put("k" + i, "v");
    }

    assertThat(list("", null, 5_000).entries()).hasSize(1_000);
  }

  @Test
  void aCaptureStaysWhileEntriesAreApplied() {
    log.put("k", "then");
    KvView view = log.machine.capture();
    log.put("k", "now");

    assertThat(view.get(bytes("k")).value().text()).isEqualTo("then");
    assertThat(view.count()).isEqualTo(1);
  }

  private KvPage list(String prefix, Bytes after, int max) {
    ListQuery.Counted counted = ListQuery.Counted.KEYS_AND_VALUES;
    return log.machine.list(new ListQuery(bytes(prefix), after, max, counted));
  }

  private boolean succeeds(Condition condition) {
    KvCommand cas = new KvCommand.CompareAndSet(null, bytes("k"), condition, KvValue.text("new"));
    return ((KvAnswer.CompareAndSetDone) log.apply(cas)).succeeded();
  }

  private static byte[] putBytes() {
    KvCommand put = new KvCommand.Put(null, bytes("key"), KvValue.text("v"));
    return CommandCodec.encode(put).toByteArray();
  }

  private static KvEntry entry(String key, String value, long create, long mod, long version) {
    return KvEntry.of(bytes(key), KvValue.text(value), new KvEntry.Versions(create, mod, version));
  }
}
