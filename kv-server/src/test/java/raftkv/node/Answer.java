package raftkv.node;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An answer that comes exactly once. */
class Answer<T> implements Consumer<T> {
  private @Nullable T value;

  @Override
  public void accept(T given) {
    if (value != null) {
      throw new IllegalStateException("answered twice: " + value + ", then " + given);
    }
    value = given;
  }

  boolean isThere() {
    return value != null;
  }

  T get() {
    if (value == null) {
      throw new IllegalStateException("not answered");
    }
    return value;
  }

  @Override
  public String toString() {
    return String.valueOf(value);
  }
}
