package raftkv.client;

/**
 * A value was stored.
 *
 * @param modIndex log index of this write
 * @param createIndex log index at which the key was created
 * @param version number of changes since then, this one included
 */
public record PutResult(long modIndex, long createIndex, long version, AnsweredBy by) {}
