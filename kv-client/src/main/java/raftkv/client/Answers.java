package raftkv.client;

import org.jspecify.annotations.Nullable;
import raftkv.proto.kv.v1.CompareAndSetResponse;
import raftkv.proto.kv.v1.DeleteResponse;
import raftkv.proto.kv.v1.Entry;
import raftkv.proto.kv.v1.GetRequestOutcomeResponse;
import raftkv.proto.kv.v1.GetResponse;
import raftkv.proto.kv.v1.ListResponse;
import raftkv.proto.kv.v1.PutResponse;
import raftkv.proto.kv.v1.RequestOutcome;
import raftkv.proto.kv.v1.ResponseHeader;

/** From messages to results. */
final class Answers {
  private Answers() {}

  static PutResult put(PutResponse answer) {
    return new PutResult(
        answer.getModIndex(), answer.getCreateIndex(), answer.getVersion(), by(answer.getHeader()));
  }

  static GetResult get(GetResponse answer) {
    return new GetResult(
        answer.hasEntry() ? entry(answer.getEntry()) : null, by(answer.getHeader()));
  }

  static DeleteResult delete(DeleteResponse answer) {
    return new DeleteResult(
        answer.getFound(),
        answer.getSucceeded(),
        answer.getIndex(),
        answer.hasEntry() ? entry(answer.getEntry()) : null,
        by(answer.getHeader()));
  }

  static CompareAndSetResult compareAndSet(CompareAndSetResponse answer) {
    return new CompareAndSetResult(
        answer.getSucceeded(),
        answer.getIndex(),
        answer.hasEntry() ? entry(answer.getEntry()) : null,
        by(answer.getHeader()));
  }

  static ListPage list(ListResponse answer) {
    return new ListPage(
        answer.getEntriesList().stream().map(Answers::entry).toList(),
        answer.getNextPageToken(),
        by(answer.getHeader()));
  }

  static FateResult fate(GetRequestOutcomeResponse answer) {
    return new FateResult(
        fate(answer.getOutcome()), answer.getIndex(), stored(answer), by(answer.getHeader()));
  }

  static AnsweredBy by(ResponseHeader header) {
    return new AnsweredBy(
        header.getClusterId(),
        header.getNodeId(),
        header.getTerm(),
        header.getAppliedIndex(),
        header.getLeaderId(),
        header.getLeaderEndpoint(),
        header.getDeduplicated());
  }

  private static KvEntry entry(Entry entry) {
    KvValue value =
        entry.hasBytesValue()
            ? new KvValue.Raw(entry.getBytesValue())
            : new KvValue.Text(entry.getValue());
    return new KvEntry(
        entry.getKey(), value, entry.getCreateIndex(), entry.getModIndex(), entry.getVersion());
  }

  private static FateResult.Fate fate(RequestOutcome outcome) {
    return switch (outcome) {
      case REQUEST_OUTCOME_APPLIED -> FateResult.Fate.APPLIED;
      case REQUEST_OUTCOME_NOT_APPLIED -> FateResult.Fate.NOT_APPLIED;
      case REQUEST_OUTCOME_EXPIRED -> FateResult.Fate.EXPIRED;
      case REQUEST_OUTCOME_NOT_YET_APPLIED, REQUEST_OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
          FateResult.Fate.NOT_YET_APPLIED;
    };
  }

  private static @Nullable Record stored(GetRequestOutcomeResponse answer) {
    return switch (answer.getResultCase()) {
      case PUT -> put(answer.getPut());
      case DELETE -> delete(answer.getDelete());
      case COMPARE_AND_SET -> compareAndSet(answer.getCompareAndSet());
      case RESULT_NOT_SET -> null;
    };
  }
}
