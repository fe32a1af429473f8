package raftkv.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All sessions in places, so that they can be captured in O(1): chunks of them belong to an epoch,
 * like the nodes of the tree (ADR 0010), and are copied when they change after a capture. The rings
 * and the map of clients are not captured: they follow from what the sessions say of themselves.
 * Owned by the loop.
 */
final class SessionTable {
  /** The epoch of a new table. */
  static final long FIRST_EPOCH = 1;

  private static final int CHUNK = 128;

  private @Nullable Chunk[] chunks = new Chunk[1];

  /** Which sessions, chunks, and which array of them may be changed in place. */
  private long epoch = FIRST_EPOCH;

  private long chunksEpoch = FIRST_EPOCH;
  private int[] free = new int[CHUNK];
  private int freeCount;
  private int used;

  private static final class Chunk {
    final long epoch;
    final @Nullable Session[] sessions;

    Chunk(long epoch, @Nullable Session[] sessions) {
      this.epoch = epoch;
      this.sessions = sessions;
    }
  }

  /** The sessions at one moment. Never changes; for any thread. */
  static final class View {
    private final @Nullable Chunk[] chunks;

    private View(@Nullable Chunk[] chunks) {
      this.chunks = chunks;
    }

    /** All of them in the order in which they were opened, whatever their places. */
    List<Session> inOrder() {
      List<Session> all = new ArrayList<>();
      for (Chunk chunk : chunks) {
        if (chunk != null) {
          for (Session session : chunk.sessions) {
            if (session != null) {
              all.add(session);
            }
          }
        }
      }
      all.sort(Comparator.comparingLong(session -> session.createIndex));
      return all;
    }
  }

  /** The epoch of sessions that may be changed in place. */
  long epoch() {
    return epoch;
  }

  /** Takes in a session; returns its place. */
  int add(Session session) {
    int place = freeCount > 0 ? free[--freeCount] : used++;
    put(place, session);
    return place;
  }

  /** Another state of the session at that place. */
  void replace(int place, Session session) {
    put(place, session);
  }

  /** The place is free again. */
  void remove(int place) {
    put(place, null);
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, 2 * free.length);
    }
    free[freeCount++] = place;
  }

  /** The sessions as they are now, for ever. From here on they are copied when they change. */
  View capture() {
    epoch++;
    return new View(chunks);
  }

  private void put(int place, @Nullable Session session) {
    int number = place / CHUNK;
    if (chunksEpoch != epoch || number >= chunks.length) {
      chunks = Arrays.copyOf(chunks, number < chunks.length ? chunks.length : 2 * chunks.length);
      chunksEpoch = epoch;
    }
    Chunk chunk = chunks[number];
    if (chunk == null) {
      chunk = new Chunk(epoch, new Session[CHUNK]);
      chunks[number] = chunk;
    } else if (chunk.epoch != epoch) {
      chunk = new Chunk(epoch, chunk.sessions.clone());
      chunks[number] = chunk;
    }
    chunk.sessions[place % CHUNK] = session;
  }
}
