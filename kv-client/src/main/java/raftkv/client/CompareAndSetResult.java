package raftkv.client;

import org.jspecify.annotations.Nullable;

/**
 * What a conditional write did. Definite either way.
 *
 * @param succeeded whether the condition held and the value was stored
 * @param index log index of the request
 * @param entry the entry afterwards: the new one, or the one that did not meet the condition
 */
public record CompareAndSetResult(
    boolean succeeded, long index, @Nullable KvEntry entry, AnsweredBy by) {}
