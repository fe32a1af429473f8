package raftkv.client.fake;

import io.grpc.Status;
import java.util.function.Supplier;
import raftkv.client.fake.FakeNode.Reply;

/** How a node treats one call. */
@FunctionalInterface
public interface Treatment {
  /** Does it: the supplier applies the request and gives its answer. */
  <A> void treat(Supplier<A> apply, Reply<A> reply);

  /** Applies it and answers. */
  static Treatment answer() {
    return new Treatment() {
      @Override
      public <A> void treat(Supplier<A> apply, Reply<A> reply) {
        reply.answer(apply.get());
      }
    };
  }

  /** Refuses it. */
  static Treatment refuse(Refusal refusal) {
    return new Treatment() {
      @Override
      public <A> void treat(Supplier<A> apply, Reply<A> reply) {
        reply.fail(refusal.exception());
      }
    };
  }

  /** Ends it with a bare status, as a broken connection or a proxy does; not applied. */
  static Treatment fail(Status status) {
    return new Treatment() {
      @Override
      public <A> void treat(Supplier<A> apply, Reply<A> reply) {
        reply.fail(status.asRuntimeException());
      }
    };
  }

  /** Takes it and never answers; not applied. */
  static Treatment swallow() {
    return new Treatment() {
      @Override
      public <A> void treat(Supplier<A> apply, Reply<A> reply) {
        reply.swallow();
      }
    };
  }

  /** Applies it, and never answers. */
  static Treatment applyAndSwallow() {
    return new Treatment() {
      @Override
      public <A> void treat(Supplier<A> apply, Reply<A> reply) {
        A unused = apply.get();
        reply.swallow();
      }
    };
  }

  /** Applies it, and loses the connection. */
  static Treatment applyAndCrash() {
    return new Treatment() {
      @Override
      public <A> void treat(Supplier<A> apply, Reply<A> reply) {
        A unused = apply.get();
        reply.crash();
      }
    };
  }

  /** Lets something happen, then goes on. */
  static Treatment then(Runnable event, Treatment next) {
    return new Treatment() {
      @Override
      public <A> void treat(Supplier<A> apply, Reply<A> reply) {
        event.run();
        next.treat(apply, reply);
      }
    };
  }
}
