package raftkv.client;

import org.jspecify.annotations.Nullable;

/**
 * What a delete did.
 *
 * @param found whether the key existed
 * @param succeeded whether it was deleted: found, and the condition held
 * @param index log index of the request
 * @param entry what was deleted, or what did not meet the condition; null if there was none
 */
public record DeleteResult(
    boolean found, boolean succeeded, long index, @Nullable KvEntry entry, AnsweredBy by) {}
