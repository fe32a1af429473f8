package raftkv.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import raftkv.proto.kv.v1.GetResponse;

/** Unary reads of large values, with callers that read when the test says so. */
class AnswerRoomTest {
  private static final int MEBIBYTE = 1 << 20;
  private static final int FITTING = 32;

  private final AnswerRoom room = new AnswerRoom(new TestLoop());
  private final List<Reader> readers = new ArrayList<>();

  @BeforeEach
  void asManyAsFit() {
    for (int i = 0; i < FITTING; i++) {
      assertThat(new Reader(MEBIBYTE).ask()).isTrue();
    }
  }

  @Test
  void largeAnswersWaitUntilOthersAreRead() {
    Reader first = new Reader(MEBIBYTE);
    Reader second = new Reader(MEBIBYTE);
    assertThat(first.ask()).isFalse();
    assertThat(second.ask()).isFalse();
    assertThat(new Reader(MEBIBYTE / 100).ask()).as("a small one").isTrue();

    readers.get(0).read();
    assertThat(first.answers).isEqualTo(1);
    assertThat(second.answers).isZero();
    readers.get(1).leave();
    assertThat(second.answers).isEqualTo(1);
  }

  @Test
  void whoNeedsItsRoomNoMoreLeavesItToOthers() {
    Reader failing = new Reader(MEBIBYTE);
    Reader shrinking = new Reader(MEBIBYTE);
    Reader gone = new Reader(MEBIBYTE);
    Reader last = new Reader(MEBIBYTE);
    for (Reader reader : List.of(failing, shrinking, gone, last)) {
      assertThat(reader.ask()).isFalse();
    }
    failing.fails = true;
    shrinking.bytes = 10;
    gone.leave();

    readers.get(0).read();

    assertThat(failing.errors).isEqualTo(1);
    assertThat(shrinking.answers).isEqualTo(1);
    assertThat(last.answers).isEqualTo(1);
  }

  /** The node's queue may be full when they are asked again. */
  @Test
  void anyNumberMayBeRefusedInARow() {
    List<Reader> refused = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      Reader reader = new Reader(20_000);
      assertThat(reader.ask()).isFalse();
      reader.fails = true;
      refused.add(reader);
    }

    readers.get(0).read();

    assertThat(refused).allSatisfy(reader -> assertThat(reader.errors).isEqualTo(1));
  }

  @Test
  void eachGivesBackOnce() {
    Reader waiting = new Reader(MEBIBYTE);
    Reader second = new Reader(MEBIBYTE);
    waiting.ask();
    second.ask();

    readers.get(0).read();
    readers.get(0).leave();

    assertThat(waiting.answers).isEqualTo(1);
    assertThat(second.answers).isZero();
  }

  /** One call and its caller. */
  private final class Reader extends ServerCallStreamObserver<GetResponse> {
    final Call<GetResponse> call;
    int bytes;
    boolean fails;
    int answers;
    int errors;
    private @Nullable Runnable onClose;
    private @Nullable Runnable onCancel;

    Reader(int bytes) {
      this.bytes = bytes;
      call = new Call<>(this, room);
      readers.add(this);
    }

    boolean ask() {
      if (fails) {
        call.fail(Status.UNAVAILABLE.asRuntimeException());
        return true;
      }
      boolean answered = call.succeedIfRoom(this::response);
      if (!answered) {
        call.whenRoom(this::ask);
      }
      return answered;
    }

    private GetResponse response() {
      return GetResponse.newBuilder().setBytesValue(ByteString.copyFrom(new byte[bytes])).build();
    }

    void read() {
      assertThat(onClose).isNotNull();
      onClose.run();
    }

    void leave() {
      assertThat(onCancel).isNotNull();
      onCancel.run();
    }

    @Override
    public void onNext(GetResponse response) {
      answers++;
    }

    @Override
    public void onError(Throwable failure) {
      errors++;
    }

    @Override
    public void onCompleted() {
      assertThat(answers).isEqualTo(1);
    }

    @Override
    public void setOnCloseHandler(Runnable handler) {
      onClose = handler;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {
      onCancel = handler;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void setCompression(String compression) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void request(int count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setMessageCompression(boolean enable) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void disableAutoInboundFlowControl() {
      throw new UnsupportedOperationException();
    }
  }
}
