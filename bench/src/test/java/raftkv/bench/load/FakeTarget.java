package raftkv.bench.load;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import raftkv.bench.target.Failure;
import raftkv.bench.target.Target;

/**
 * A store in memory that answers on one thread, one request after the other, and misbehaves on
 * demand.
 */
final class FakeTarget implements Target {
  private final ExecutorService server = Executors.newSingleThreadExecutor();
  private final Map<String, byte[]> data = new ConcurrentHashMap<>();
  private final AtomicLong requests = new AtomicLong();
  private volatile long stallAt = Long.MAX_VALUE;
  private volatile long stallNanos;
  private volatile String lie = "";

  /** Once, before that request, it answers nothing for so long. */
  FakeTarget stallingAt(long request, long nanos) {
    stallAt = request;
    stallNanos = nanos;
    return this;
  }

  /** From now on puts are acknowledged and forgotten. */
  void loseWrites() {
    lie = "lose";
  }

  /** From now on every request fails. */
  void refuse() {
    lie = "refuse";
  }

  /** From now on every request fails before it is sent, on the caller's thread. */
  void refuseAtOnce() {
    lie = "refuse at once";
  }

  /** From now on values come back with another end. */
  void garble() {
    lie = "garble";
  }

  Map<String, byte[]> data() {
    return data;
  }

  @Override
  public void put(String key, byte[] value, Ending ending) {
    if (lie.equals("refuse at once")) {
      ending.ended(null, Failure.notApplied("REFUSED"));
      return;
    }
    serve(
        () -> {
          if (lie.equals("refuse")) {
            ending.ended(null, Failure.notApplied("REFUSED"));
            return;
          }
          if (!lie.equals("lose")) {
            data.put(key, value);
          }
          ending.ended(null, null);
        });
  }

  @Override
  public void get(String key, Ending ending) {
    serve(
        () -> {
          byte[] found = data.get(key);
          if (found != null && lie.equals("garble")) {
            found = found.clone();
            found[found.length - 1] = '?';
          }
          ending.ended(found, null);
        });
  }

  @Override
  public void getStale(String key, Ending ending) {
    get(key, ending);
  }

  private void serve(Runnable request) {
    server.execute(
        () -> {
          if (requests.getAndIncrement() == stallAt) {
            long end = System.nanoTime() + stallNanos;
            for (long left = stallNanos; left > 0; left = end - System.nanoTime()) {
              LockSupport.parkNanos(left);
            }
          }
          request.run();
        });
  }

  @Override
  public String describe() {
    return "a fake";
  }

  @Override
  public void close() {
    server.shutdown();
  }
}
