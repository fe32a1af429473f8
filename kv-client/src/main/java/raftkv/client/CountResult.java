package raftkv.client;

/** Number of keys with a prefix. */
public record CountResult(long count, AnsweredBy by) {}
