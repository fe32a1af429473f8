package raftkv.client;

/**
 * What is stored under a key.
 *
 * @param createIndex log index at which the key was created
 * @param modIndex log index of the last change: what conditions compare with
 * @param version number of changes since the key was created, from 1
 */
public record KvEntry(String key, KvValue value, long createIndex, long modIndex, long version) {}
