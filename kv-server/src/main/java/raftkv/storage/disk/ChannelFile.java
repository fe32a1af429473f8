package raftkv.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import raftkv.port.DiskFile;

/**
 * A file behind a channel. {@code force(false)} is fdatasync: contents, and of the metadata only
 * what is needed to read them back; in a preallocated file that is nothing, which is the cheapest
 * force there is.
 *
 * <p>An interrupt of the calling thread, even one from before the call, closes the channel (hazard
 * 84). Nobody interrupts the threads that work here; should it happen all the same, the call fails
 * like any failed write and the node ends.
 */
final class ChannelFile implements DiskFile {
  /** More buffers than this in one call are cut off by the operating system. */
  private static final int MAX_GATHER = 1024;

  /** A heap buffer is read into by way of a direct one of the size that is asked for. */
  private static final int MAX_READ_BYTES = 1 << 20;

  private final FileChannel channel;

  ChannelFile(FileChannel channel) {
    this.channel = channel;
  }

  @Override
  public void write(ByteBuffer[] buffers, long offset) throws IOException {
    channel.position(offset);
    writeFully(channel, buffers);
  }

  /** A gathering write may take part of what it was given; this goes on until nothing is left. */
  static void writeFully(GatheringByteChannel channel, ByteBuffer[] buffers) throws IOException {
    int first = 0;
    while (first < buffers.length) {
      if (!buffers[first].hasRemaining()) {
        first++;
        continue;
      }
      int count = Math.min(buffers.length - first, MAX_GATHER);
      if (channel.write(buffers, first, count) == 0) {
        throw new IOException("the disk takes no more bytes");
      }
    }
  }

  @Override
  public int read(ByteBuffer target, long offset) throws IOException {
    return readFully(channel, target, offset);
  }

  /** Reads until the buffer is full or the file ends. */
  static int readFully(FileChannel channel, ByteBuffer target, long offset) throws IOException {
    int begin = target.position();
    int limit = target.limit();
    int count = 0;
    while (count >= 0 && target.position() < limit) {
      target.limit(Math.min(limit, target.position() + MAX_READ_BYTES));
      count = channel.read(target, offset + target.position() - begin);
    }
    target.limit(limit);
    return target.position() - begin;
  }

  @Override
  public void force() throws IOException {
    channel.force(false);
  }

  @Override
  public long sizeBytes() throws IOException {
    return channel.size();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
