package raftkv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import raftkv.config.ServerConfig.SessionLimits;
import raftkv.kv.KvLimits;
import raftkv.kv.KvStateMachine;
import raftkv.port.EntryCodec;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.raft.Bytes;
import raftkv.raft.ClusterId;
import raftkv.raft.EntryKind;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.Settings;

/** What a start makes of the settings in its log. */
final class AgreedLimitsTest {
  private static final SessionLimits NONE = new SessionLimits(null, null, null);

  @Test
  void settingsOrLimitsOfANewerFormatAreRefusedAsSuch() {
    byte[] body =
        new Settings(new ClusterId(1, 2), List.of(), KvLimits.DEFAULTS.encode())
            .encode()
            .toByteArray();
    int limits = body.length - KvLimits.DEFAULTS.encode().length();
    for (int at : new int[] {0, limits}) {
      byte[] newer = body.clone();
      newer[at] = 2;
      LogEntry entry =
          new EntryCodec().encode(new LogPosition(1, 1), EntryKind.SETTINGS, Bytes.wrap(newer));

      assertThatThrownBy(() -> AgreedLimits.check(new KvStateMachine(), List.of(entry), NONE))
          .isInstanceOfSatisfying(
              StorageFailure.class,
              failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.NEWER_FORMAT))
          .hasMessageContaining("(newest: 1)");
    }
  }
}
