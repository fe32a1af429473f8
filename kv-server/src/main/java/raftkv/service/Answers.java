package raftkv.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;
import raftkv.kv.KvAnswer;
import raftkv.kv.KvEntry;
import raftkv.kv.KvPage;
import raftkv.kv.KvValue;
import raftkv.kv.RequestOutcome;
import raftkv.proto.kv.v1.CompareAndSetResponse;
import raftkv.proto.kv.v1.DeleteResponse;
import raftkv.proto.kv.v1.Entry;
import raftkv.proto.kv.v1.GetRequestOutcomeResponse;
import raftkv.proto.kv.v1.GetResponse;
import raftkv.proto.kv.v1.ListResponse;
import raftkv.proto.kv.v1.PutResponse;
import raftkv.raft.Bytes;

/** Makes responses, without their headers, of what the state machine answers. Pure. */
final class Answers {
  private Answers() {}

  static PutResponse.Builder put(KvAnswer.PutDone done) {
    return PutResponse.newBuilder()
        .setModIndex(done.index())
        .setCreateIndex(done.createIndex())
        .setVersion(done.version());
  }

  static DeleteResponse.Builder delete(KvAnswer.DeleteDone done) {
    DeleteResponse.Builder response =
        DeleteResponse.newBuilder()
            .setFound(done.found())
            .setSucceeded(done.succeeded())
            .setIndex(done.index());
    if (done.entry() != null) {
      response.setEntry(entry(done.entry()));
    }
    return response;
  }

  static CompareAndSetResponse.Builder compareAndSet(KvAnswer.CompareAndSetDone done) {
    CompareAndSetResponse.Builder response =
        CompareAndSetResponse.newBuilder().setSucceeded(done.succeeded()).setIndex(done.index());
    if (done.entry() != null) {
      response.setEntry(entry(done.entry()));
    }
    return response;
  }

  static GetResponse.Builder get(@Nullable KvEntry found) {
    GetResponse.Builder response = GetResponse.newBuilder().setFound(found != null);
    if (found != null) {
      KvValue value = found.value();
      switch (value.kind()) {
        case TEXT -> response.setValueBytes(wrap(value.bytes()));
        case BYTES -> response.setBytesValue(wrap(value.bytes()));
      }
      response.setEntry(entry(found));
    }
    return response;
  }

  static ListResponse.Builder list(KvPage page, boolean keysOnly) {
    ListResponse.Builder response = ListResponse.newBuilder();
    for (KvEntry entry : page.entries()) {
      response.addEntries(keysOnly ? keyOf(entry) : entry(entry));
    }
    return page.hasMore() ? response.setNextPageToken(ReadParser.token(page.lastKey())) : response;
  }

  static GetRequestOutcomeResponse.Builder outcome(RequestOutcome outcome) {
    GetRequestOutcomeResponse.Builder response =
        GetRequestOutcomeResponse.newBuilder()
            .setOutcome(
                switch (outcome.kind()) {
                  case APPLIED -> raftkv.proto.kv.v1.RequestOutcome.REQUEST_OUTCOME_APPLIED;
                  case NOT_YET_APPLIED ->
                      raftkv.proto.kv.v1.RequestOutcome.REQUEST_OUTCOME_NOT_YET_APPLIED;
                  case NOT_APPLIED -> raftkv.proto.kv.v1.RequestOutcome.REQUEST_OUTCOME_NOT_APPLIED;
                  case EXPIRED -> raftkv.proto.kv.v1.RequestOutcome.REQUEST_OUTCOME_EXPIRED;
                })
            .setIndex(outcome.index());
    KvAnswer.Result stored = outcome.answer();
    if (stored instanceof KvAnswer.PutDone put) {
      response.setPut(put(put));
    } else if (stored instanceof KvAnswer.DeleteDone delete) {
      response.setDelete(delete(delete));
    } else if (stored instanceof KvAnswer.CompareAndSetDone swapped) {
      response.setCompareAndSet(compareAndSet(swapped));
    } else if (stored != null) {
      throw new IllegalArgumentException("no response for " + stored);
    }
    return response;
  }

  private static Entry.Builder keyOf(KvEntry entry) {
    return Entry.newBuilder()
        .setKeyBytes(wrap(entry.key()))
        .setCreateIndex(entry.createIndex())
        .setModIndex(entry.modIndex())
        .setVersion(entry.version());
  }

  private static Entry.Builder entry(KvEntry entry) {
    Entry.Builder builder = keyOf(entry);
    KvValue value = entry.value();
    return switch (value.kind()) {
      case TEXT -> builder.setValueBytes(wrap(value.bytes()));
      case BYTES -> builder.setBytesValue(wrap(value.bytes()));
    };
  }

  /** Keys and text came in as strings, so their bytes are UTF-8. */
  private static ByteString wrap(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.array(), bytes.offset(), bytes.length());
  }
}
