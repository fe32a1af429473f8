package raftkv.client.fake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import raftkv.proto.kv.v1.CompareAndSetRequest;
import raftkv.proto.kv.v1.CompareAndSetResponse;
import raftkv.proto.kv.v1.DeleteRequest;
import raftkv.proto.kv.v1.DeleteResponse;
import raftkv.proto.kv.v1.Entry;
import raftkv.proto.kv.v1.PutRequest;
import raftkv.proto.kv.v1.PutResponse;
import raftkv.proto.kv.v1.ResponseHeader;

/** What the nodes of a fake cluster agree on, with the first answer to each identity kept. */
public final class FakeStore {
  private final TreeMap<String, Entry> entries = new TreeMap<>();
  private final Map<String, Object> answers = new HashMap<>();
  private final List<String> applied = new ArrayList<>();
  private final Set<String> forgotten = new HashSet<>();
  private long index;

  /** Index of the last write. */
  public synchronized long index() {
    return index;
  }

  /** Moves the index on, as other clients' writes would. */
  public synchronized void skipTo(long to) {
    index = Math.max(index, to);
  }

  /** Each write that took effect, as {@code clientId/seqNum}, in order. */
  public synchronized List<String> applied() {
    return List.copyOf(applied);
  }

  /** The entries in order. */
  public synchronized List<Entry> entries(String prefix) {
    return entries.values().stream().filter(e -> e.getKey().startsWith(prefix)).toList();
  }

  /** One entry. */
  public synchronized @Nullable Entry entry(String key) {
    return entries.get(key);
  }

  /** The stored answer to an identity. */
  public synchronized @Nullable Object answer(String clientId, long seqNum) {
    return answers.get(clientId + "/" + seqNum);
  }

  /** From now on nothing is known of that identity. */
  public synchronized void forget(String clientId, long seqNum) {
    forgotten.add(clientId + "/" + seqNum);
  }

  synchronized boolean hasForgotten(String clientId, long seqNum) {
    return forgotten.contains(clientId + "/" + seqNum);
  }

  synchronized PutResponse put(PutRequest request, ResponseHeader header) {
    return once(
        request.getClientId(),
        request.getSeqNum(),
        PutResponse.class,
        duplicate -> duplicate.toBuilder().setHeader(deduplicated(header)).build(),
        () -> {
          Entry.Builder value = Entry.newBuilder();
          if (request.hasBytesValue()) {
            value.setBytesValue(request.getBytesValue());
          } else {
            value.setValue(request.getValue());
          }
          Entry entry = store(request.getKey(), value);
          return PutResponse.newBuilder()
              .setHeader(header)
              .setModIndex(entry.getModIndex())
              .setCreateIndex(entry.getCreateIndex())
              .setVersion(entry.getVersion())
              .build();
        });
  }

  synchronized DeleteResponse delete(DeleteRequest request, ResponseHeader header) {
    return once(
        request.getClientId(),
        request.getSeqNum(),
        DeleteResponse.class,
        duplicate -> duplicate.toBuilder().setHeader(deduplicated(header)).build(),
        () -> {
          index++;
          Entry old = entries.get(request.getKey());
          boolean holds =
              old != null
                  && (!request.hasExpectedModIndex()
                      || request.getExpectedModIndex() == old.getModIndex());
          if (holds) {
            entries.remove(request.getKey());
          }
          DeleteResponse.Builder answer =
              DeleteResponse.newBuilder()
                  .setHeader(header)
                  .setFound(old != null)
                  .setSucceeded(holds)
                  .setIndex(index);
          return old == null ? answer.build() : answer.setEntry(old).build();
        });
  }

  synchronized CompareAndSetResponse compareAndSet(
      CompareAndSetRequest request, ResponseHeader header) {
    return once(
        request.getClientId(),
        request.getSeqNum(),
        CompareAndSetResponse.class,
        duplicate -> duplicate.toBuilder().setHeader(deduplicated(header)).build(),
        () -> {
          Entry old = entries.get(request.getKey());
          boolean holds = holds(request, old);
          if (holds) {
            old = store(request.getKey(), Entry.newBuilder().setValue(request.getValue()));
          } else {
            index++;
          }
          CompareAndSetResponse.Builder answer =
              CompareAndSetResponse.newBuilder()
                  .setHeader(header)
                  .setSucceeded(holds)
                  .setIndex(index);
          return old == null ? answer.build() : answer.setEntry(old).build();
        });
  }

  private static boolean holds(CompareAndSetRequest request, @Nullable Entry old) {
    return switch (request.getConditionCase()) {
      case EXPECTED_ABSENT -> old == null;
      case EXPECTED_MOD_INDEX -> old != null && old.getModIndex() == request.getExpectedModIndex();
      case EXPECTED_VALUE ->
          old != null && old.hasValue() && old.getValue().equals(request.getExpectedValue());
      case EXPECTED_BYTES_VALUE ->
          old != null
              && old.hasBytesValue()
              && old.getBytesValue().equals(request.getExpectedBytesValue());
      case CONDITION_NOT_SET -> false;
    };
  }

  private Entry store(String key, Entry.Builder value) {
    index++;
    Entry old = entries.get(key);
    Entry entry =
        value
            .setKey(key)
            .setCreateIndex(old == null ? index : old.getCreateIndex())
            .setModIndex(index)
            .setVersion(old == null ? 1 : old.getVersion() + 1)
            .build();
    entries.put(key, entry);
    return entry;
  }

  private <A> A once(
      String clientId,
      long seqNum,
      Class<A> type,
      Function<A, A> asDuplicate,
      java.util.function.Supplier<A> apply) {
    String id = clientId + "/" + seqNum;
    Object first = clientId.isEmpty() ? null : answers.get(id);
    if (first != null) {
      return asDuplicate.apply(type.cast(first));
    }
    A answer = apply.get();
    applied.add(id);
    answers.put(id, answer);
    return answer;
  }

  private static ResponseHeader deduplicated(ResponseHeader header) {
    return header.toBuilder().setDeduplicated(true).build();
  }
}
