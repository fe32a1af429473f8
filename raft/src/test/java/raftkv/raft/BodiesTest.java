package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The binary bodies of SETTINGS and ADMIT: as documented, and nothing else is read. */
class BodiesTest {
  private static final Settings SETTINGS =
      new Settings(
          new ClusterId(0x0102030405060708L, -2),
          List.of(
              new Settings.Member(new NodeId(1), new Incarnation(1, -1)),
              new Settings.Member(new NodeId(255), new Incarnation(Long.MIN_VALUE, 3))),
          TestFormat.bytes("limits"));
  private static final Admission ADMISSION =
      new Admission(new NodeId(200), new Incarnation(-5, 77));

  private static Bytes cut(Bytes bytes, int length) {
    return Bytes.wrap(Arrays.copyOf(bytes.toByteArray(), length));
  }

  @Test
  void settingsComeBackAsTheyWere() {
    assertThat(Settings.decode(SETTINGS.encode())).isEqualTo(SETTINGS);
  }

  @Test
  void settingsHaveTheDocumentedLayout() {
    byte[] bytes = SETTINGS.encode().toByteArray();

    assertThat(bytes).hasSize(18 + 2 * 17 + 6);
    assertThat(bytes[0]).isEqualTo((byte) 1);
    assertThat(bytes[1]).isEqualTo((byte) 1);
    assertThat(bytes[8]).isEqualTo((byte) 8);
    assertThat(bytes[17]).isEqualTo((byte) 2);
    assertThat(bytes[35]).isEqualTo((byte) 255);
  }

  @Test
  void settingsThatAreCutAreRefused() {
    int whole = SETTINGS.encode().length() - 6;
    for (int length = 0; length < whole; length++) {
      Bytes some = cut(SETTINGS.encode(), length);

      assertThatThrownBy(() -> Settings.decode(some)).isInstanceOf(MalformedBody.class);
    }
  }

  @Test
  void admissionComesBackAsItWas() {
    assertThat(Admission.decode(ADMISSION.encode())).isEqualTo(ADMISSION);
    assertThat(ADMISSION.encode().length()).isEqualTo(18);
  }

  @Test
  void admissionOfAnotherLengthIsRefused() {
    for (int length = 0; length <= 20; length++) {
      Bytes some = cut(ADMISSION.encode(), length);
      if (length != 18) {
        assertThatThrownBy(() -> Admission.decode(some)).isInstanceOf(MalformedBody.class);
      }
    }
  }

  @Test
  void bodiesOfANewerFormatAreRefused() {
    byte[] newer = ADMISSION.encode().toByteArray();
    newer[0] = 2;

    assertThatThrownBy(() -> Admission.decode(Bytes.wrap(newer)))
        .isInstanceOf(MalformedBody.class)
        .hasMessageContaining("format 2");
    assertThatThrownBy(() -> Settings.decode(Bytes.wrap(newer))).isInstanceOf(MalformedBody.class);
  }

  @Test
  void nodeZeroIsRefused() {
    byte[] zero = ADMISSION.encode().toByteArray();
    zero[1] = 0;

    assertThatThrownBy(() -> Admission.decode(Bytes.wrap(zero))).isInstanceOf(MalformedBody.class);
  }

  @Test
  void garbageIsReadOrRefusedButNeverBreaksAnything() {
    Xoshiro256 random = new Xoshiro256(4);
    for (int i = 0; i < 5_000; i++) {
      byte[] garbage = new byte[(int) Xoshiro256.between(random, 0, 60)];
      random.nextBytes(garbage);
      if (garbage.length > 0) {
        garbage[0] = 1;
      }
      readOrRefuse(Bytes.wrap(garbage));
    }
  }

  private static void readOrRefuse(Bytes garbage) {
    try {
      assertThat(Settings.decode(garbage).encode()).isEqualTo(garbage);
    } catch (MalformedBody expected) {
      assertThat(expected).hasMessageNotContaining("null");
    }
    try {
      assertThat(Admission.decode(garbage).encode()).isEqualTo(garbage);
    } catch (MalformedBody expected) {
      assertThat(expected).hasMessageNotContaining("null");
    }
  }
}
