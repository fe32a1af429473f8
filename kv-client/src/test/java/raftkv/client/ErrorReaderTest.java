package raftkv.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import raftkv.client.session.Outcome;

class ErrorReaderTest {
  /** It goes all the way: what it says can only come out of the details. */
  @Test
  void rehearsalReadsAnErrorWithDetails() {
    ErrorReader.Reading reading = ErrorReader.rehearse();

    assertThat(reading.failure().reason()).isEqualTo("NOT_READY");
    assertThat(reading.failure().outcome()).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(reading.number("term")).isEqualTo(1);
    assertThat(reading.sighting()).isNotNull();
  }
}
