package raftkv.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import raftkv.client.session.RequestId;
import raftkv.proto.kv.v1.GetRequestOutcomeRequest;

/**
 * The data of a cluster, with futures. Thread-safe. A future completes on the client's loop, or
 * with a {@link KvException}: what is chained to it must not block. Cancelling one does not take
 * the request back.
 */
public final class AsyncKv {
  private final Engine engine;
  private final CallStyle style;

  AsyncKv(Engine engine, CallStyle style) {
    this.engine = engine;
    this.style = style;
  }

  /** Stores a value under a key. */
  public CompletableFuture<PutResult> put(String key, KvValue value, WriteOptions options) {
    return engine.submit(Writes.put(key, value, options), stamp(options), style);
  }

  /** Stores a value under a key. */
  public CompletableFuture<PutResult> put(String key, KvValue value) {
    return put(key, value, WriteOptions.DEFAULT);
  }

  /** Reads one key. */
  public CompletableFuture<GetResult> get(String key, ReadMode mode) {
    return engine.submit(Reads.get(key, mode), Stamp.NONE, style);
  }

  /** Removes a key, whatever it holds. */
  public CompletableFuture<DeleteResult> delete(String key, WriteOptions options) {
    return engine.submit(Writes.delete(key, options), stamp(options), style);
  }

  /** Removes a key if its last change was at that index: so a lock is released safely. */
  public CompletableFuture<DeleteResult> deleteIf(String key, long modIndex, WriteOptions options) {
    return engine.submit(Writes.deleteIf(key, modIndex, options), stamp(options), style);
  }

  /** Stores a value if, and only if, the condition holds. */
  public CompletableFuture<CompareAndSetResult> compareAndSet(
      String key, Condition condition, KvValue value, WriteOptions options) {
    return engine.submit(
        Writes.compareAndSet(key, condition, value, options), stamp(options), style);
  }

  /** One page of keys. */
  public CompletableFuture<ListPage> list(PageRequest page, ReadMode mode) {
    return engine.submit(Reads.list(page, mode), Stamp.NONE, style);
  }

  /** One page of keys, within that time instead of the client's own: as a part of a longer list. */
  public CompletableFuture<ListPage> list(PageRequest page, ReadMode mode, Duration timeout) {
    return engine.submit(Reads.list(page, mode), Stamp.NONE, style, timeout);
  }

  /** Number of keys with a prefix; empty for all. */
  public CompletableFuture<CountResult> count(String prefix, ReadMode mode) {
    return engine.submit(Reads.count(prefix, mode), Stamp.NONE, style);
  }

  /**
   * What became of a write, as {@link KvException#requestId} names it. A copy of it may still be
   * under way.
   */
  public CompletableFuture<FateResult> fateOf(RequestId id) {
    return engine.submit(Reads.fate(question(id).build()), Stamp.NONE, style);
  }

  /**
   * What became of a write; if nothing so far, its number is sealed, so that nothing ever will. If
   * this fails with an unknown outcome, the number may be sealed, and it may be asked again.
   */
  public CompletableFuture<FateResult> cancel(RequestId id) {
    return engine.submit(Reads.fate(question(id).setCancel(true).build()), Stamp.NONE, style);
  }

  private static GetRequestOutcomeRequest.Builder question(RequestId id) {
    GetRequestOutcomeRequest.Builder request =
        GetRequestOutcomeRequest.newBuilder().setClientId(id.clientId()).setSeqNum(id.seqNum());
    return id.sessionStart() == 0 ? request : request.setSessionStart(id.sessionStart());
  }

  private static Stamp stamp(WriteOptions options) {
    RequestId id = options.id();
    return id == null
        ? Stamp.NONE
        : new Stamp(id.clientId(), id.seqNum(), options.ackSeq(), options.sessionStart());
  }
}
